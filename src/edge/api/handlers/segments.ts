import type { Ctx } from '../../../kernel/ctx.ts';
import { idOf } from '../../../kernel/ids.ts';
import { currencies } from '../../../kernel/money.ts';
import { ok } from '../../../kernel/result.ts';
import { listClients } from '../../../modules/accounts/public.ts';
import { listMembers, loadTenant } from '../../../modules/identity/public.ts';
import {
  archiveSegment,
  changeSegment,
  createSegment,
  factCatalogue,
  type FactField,
  listSegments,
  operatorsOf,
  type SegmentRow,
  tryRule,
  wordsOf,
} from '../../../modules/strategy/public.ts';
import type { ResponseOf } from '../contract/route.ts';
import * as contract from '../contract/segments.ts';
import { type Implementation, implement } from '../operation.ts';

type Body = ResponseOf<typeof contract.createSegment>;
type Choices = Record<'client' | 'user' | 'currency', { value: string; label: string }[]>;

/** The fields rules ask about, and the rules kept under names. */
export function segmentHandlers(): Implementation[] {
  return [
    implement(contract.listFactFields, async (ctx) => {
      const { currency } = await loadTenant(ctx);
      const choices: Choices = {
        client: (await listClients(ctx)).map((client) => ({ value: client.id, label: client.name })),
        user: (await listMembers(ctx)).map((member) => ({ value: member.userId, label: member.displayName })),
        currency: currencies.map((code) => ({ value: code, label: code })),
      };
      return ok({ rows: factCatalogue.map((field) => fieldBody(field, choices, currency)) });
    }),
    implement(contract.listSegments, async (ctx) => {
      const rows: Body[] = [];
      for (const row of await listSegments(ctx)) rows.push(await bodyOf(ctx, row));
      return ok({ rows });
    }),
    implement(contract.tryRule, async (ctx, { body, caller }) => {
      const tried = await tryRule(ctx, body.rule, caller.clientIds);
      if (!tried.ok) return tried;
      const { words, count, sample } = tried.value;
      return ok({ words, count, sample: sample.map((row) => ({ ...row, balanceMinor: row.balanceMinor.toString() })) });
    }),
    implement(contract.createSegment, async (ctx, { body }) => {
      const made = await createSegment(ctx, body);
      return made.ok ? ok(await bodyOf(ctx, made.value)) : made;
    }),
    implement(contract.changeSegment, async (ctx, { params, body, version }) => {
      const changed = await changeSegment(ctx, idOf('segment', params.segmentId), version, body);
      return changed.ok ? ok(await bodyOf(ctx, changed.value)) : changed;
    }),
    implement(contract.archiveSegment, async (ctx, { params, version }) => {
      const archived = await archiveSegment(ctx, idOf('segment', params.segmentId), version);
      return archived.ok ? ok(undefined) : archived;
    }),
  ];
}

const bodyOf = async (ctx: Ctx, row: SegmentRow): Promise<Body> => ({
  id: row.id,
  name: row.name,
  description: row.description,
  revision: row.revision,
  rule: row.rule as Record<string, unknown>,
  words: await wordsOf(ctx, row.rule),
  recordedBy: row.recordedBy,
  recordedAt: row.recordedAt.toISOString(),
  rowVersion: row.rowVersion.toString(),
});

function fieldBody(
  field: FactField,
  choices: Choices,
  currency: string,
): ResponseOf<typeof contract.listFactFields>['rows'][number] {
  const { key, label, help, group, source, kind } = field;
  return {
    key,
    label,
    help,
    group,
    source,
    kind,
    unit:
      field.kind === 'money'
        ? currency
        : field.kind === 'days'
          ? 'days'
          : field.kind === 'count' || field.kind === 'average'
            ? field.unit
            : null,
    operators: [...operatorsOf(field)],
    choices:
      field.kind !== 'choice'
        ? null
        : typeof field.choices === 'string'
          ? choices[field.choices]
          : field.choices.map((value) => ({ value, label: value.replaceAll('_', ' ') })),
  };
}
