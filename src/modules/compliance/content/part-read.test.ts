import { describe, expect, test } from 'vitest';
import { objectionAt, readParts, saysOf, stands, visibleAt } from './part-read.ts';
import { parsePhrase } from './phrase.ts';
import { message } from './testing.ts';

const known = (...of: Parameters<typeof readParts>) =>
  readParts(...of).map(({ part, named }) => [part, named.map((word) => word.known ?? word.text).join(' ')]);

describe('the parts of a message', () => {
  test('are read in order, each alternative of the body by itself', () => {
    const parts = { envelope: 'e', transcript: 't', body: ['b', '<p>c</p>'], subject: 's' };
    expect(known(message({ parts }))).toEqual([
      ['subject', 's'],
      ['body', 'b'],
      ['body', 'c'],
      ['transcript', 't'],
      ['envelope', 'e'],
    ]);
    expect(known(message({ parts: { body: 'only' } }))).toEqual([['body', 'only']]);
    expect(known(message({ parts: {} }))).toEqual([]);
  });

  test('have names and number made out, the longest name first', () => {
    const body = 'Jo Ford Motors, Jo Ford, Jo, Mercy Supply, 800 555 0100';
    const names = {
      business: 'Jo Ford',
      creditor: 'Mercy Supply',
      party: 'Jo Ford Motors',
      person: 'Jo',
      phone: '800-555-0100',
    };
    expect(known(message({ names, parts: { body } }))).toEqual([['body', 'party business person creditor phone']]);
    const other = { business: 'Jo', creditor: 'Jo Ford', party: 'Mercy Supply', person: 'Jo Ford Motors' };
    expect(known(message({ names: other, parts: { body } }))).toEqual([
      ['body', 'person creditor business party 800 555 0100'],
    ]);
    expect(known(message({ names: { business: 'Jo' }, parts: { body: 'Jo Ford' } }))).toEqual([
      ['body', 'business ford'],
    ]);
  });

  test('know a person by title and surname too, and a firm only by its name', () => {
    const said = (body: string, names: object) =>
      known(message({ names: { business: 'Harbor', ...names }, parts: { body } })).map(([, text]) => text);
    const all = ['Mr', 'Mrs', 'Ms', 'Miss', 'Dr', 'Herr', 'Herrn', 'Frau', 'Señor', 'Señora', 'Sr', 'Sra'];
    const dear = all.map((title) => `${title} Ford`).join(', ');
    expect(said(dear, { party: 'Ann  Lee Ford' })).toEqual([all.map(() => 'party').join(' ')]);
    expect(said(dear, { person: ' Ann Ford ' })).toEqual([all.map(() => 'person').join(' ')]);
    expect(said('Mr Ford', { creditor: 'Ann Ford' })).toEqual(['mr ford']);
    expect(said('Mr Lee, Ford', { party: 'Ann Lee Ford' })).toEqual(['mr lee ford']);
    expect(said('null, Stryker', {})).toEqual(['null stryker']);
  });

  test('keep apart what people are called from what firms are called', () => {
    const names = { business: 'Harbor', creditor: 'Ford Motors', party: 'Ann Lee', person: 'Bo Ray' };
    const [text] = readParts(message({ names, parts: { body: 'Harbor, Ford Motors, Ann Lee, Bo Ray' } }));
    expect(text?.peopleNamed.map((word) => word.known ?? word.text).join(' ')).toBe('harbor ford motors party person');
  });

  test('hold a wording or not', () => {
    const [text] = readParts(message({ parts: { body: 'NSG Services will not sue' } }));
    if (text === undefined) throw new Error('There is a body.');
    expect(stands(parsePhrase('not sue'), text)).toBe(true);
    expect(stands(parsePhrase('sue not'), text)).toBe(false);
    expect(stands(parsePhrase('<business> will'), text)).toBe(true);
    expect(stands(parsePhrase('services will'), text)).toBe(false);
    expect(stands(parsePhrase('<business> sue'), text)).toBe(false);
  });
});

describe('an objection', () => {
  const of = (body: string) => {
    const [text] = readParts(message({ parts: { body } }));
    if (text === undefined) throw new Error('There is a body.');
    return text;
  };

  test('to words says where they stand in the text as it was given', () => {
    const text = of('So we  <b>will</b>\n sue you');
    expect(objectionAt(text, text.named, 1, 4)).toEqual({
      part: 'body',
      place: { start: 3, end: 23 },
      excerpt: 'we <b>will</b> sue',
      sentence: 'The text says “we <b>will</b> sue”.',
    });
    expect(objectionAt(text, text.named, 9, 9).place).toEqual({ start: 0, end: 0 });
  });

  test('to a place in the visible text says the same', () => {
    const text = of('a &euro; 5<b>0</b> b');
    expect(visibleAt(text, { start: 2, end: 6 })).toMatchObject({
      place: { start: 2, end: 14 },
      excerpt: '&euro; 5<b>0',
    });
    expect(visibleAt(text, { start: 0, end: 1 }).place).toEqual({ start: 0, end: 1 });
    expect(visibleAt(text, { start: 90, end: 99 }).place).toEqual({ start: 0, end: 0 });
  });

  test('quotes no more than a line, and no half of a character', () => {
    const long = of('x'.repeat(200));
    expect(objectionAt(long, long.named, 0, 1).excerpt).toBe('x'.repeat(120));
    const halved = of(`${'x'.repeat(119)}𝐚`);
    expect(objectionAt(halved, halved.named, 0, 1).excerpt).toBe(`${'x'.repeat(119)}\ufffd`);
  });

  test('names the part', () => {
    expect((['subject', 'body', 'transcript', 'envelope'] as const).map((part) => saysOf(part, 'x'))).toEqual([
      'The subject line says “x”.',
      'The text says “x”.',
      'The voicemail says “x”.',
      'The envelope says “x”.',
    ]);
  });
});
