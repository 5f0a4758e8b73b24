import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findLegalEventType, isKnownEventType, legalEventTypes, readDetail } from './legal-event-catalogue.ts';

/** Every word under `types` anywhere in a pack's text. */
function typesNamed(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(typesNamed);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === 'types' && Array.isArray(part) ? part.map(String) : typesNamed(part),
  );
}

describe('the catalogue of legal events', () => {
  const folder = join(import.meta.dirname, 'packs');
  const packs = readdirSync(folder).filter((name) => name.endsWith('.json'));

  test.each(packs)('holds every event type that %s names, or it is a contact, a consent or a wish', (name) => {
    const named = new Set(typesNamed(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
    expect([...named].filter((type) => !isKnownEventType(type))).toEqual([]);
  });

  test('what ends something ends a state that lasts', () => {
    for (const one of legalEventTypes)
      for (const ended of one.ends) expect(findLegalEventType(ended)?.lasts, `${one.type} ends ${ended}`).toBe(true);
  });

  test('only a choice has choices, and every choice has some', () => {
    for (const one of legalEventTypes)
      for (const field of one.detail)
        expect(Object.keys(field.choices ?? {}).length > 0, `${one.type}.${field.name}`).toBe(field.kind === 'choice');
  });

  test('detail is read by the type’s fields, and what is wrong is said by name', () => {
    const dispute = findLegalEventType('dispute');
    if (dispute === undefined) throw new Error('no dispute');
    expect(readDetail(dispute, { form: 'written', timely: true, about: null })).toEqual({
      ok: true,
      detail: { form: 'written', timely: true },
    });
    expect(readDetail(dispute, { form: 'sung', timely: 'yes', colour: 'red' })).toEqual({
      ok: false,
      wrong: {
        form: 'How it was said: choose one of written, electronic, oral.',
        timely: 'Within the validation period: answer yes or no.',
        colour: expect.stringContaining('has no detail "colour"') as string,
      },
    });
    expect(readDetail(dispute, {})).toEqual({ ok: false, wrong: { form: 'How it was said: this is needed.' } });
    const space = findLegalEventType('breathing_space');
    if (space === undefined) throw new Error('no breathing space');
    expect(readDetail(space, { startsOn: '2026-02-31' })).toMatchObject({ ok: false });
    expect(readDetail(space, { startsOn: '2026-02-28' })).toMatchObject({ ok: true });
  });
});
