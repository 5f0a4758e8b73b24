import { idOf } from '../../../kernel/ids.ts';
import { currencies } from '../../../kernel/money.ts';
import { ok, unwrap } from '../../../kernel/result.ts';
import { listClients } from '../../../modules/accounts/public.ts';
import { listMembers, loadTenant } from '../../../modules/identity/public.ts';
import {
  archiveSegment,
  changeSegment,
  createSegment,
  factCatalogue,
  type FactField,
  listSegments,
  loadRuleNames,
  operatorInWords,
  operatorsOf,
  parseRule,
  type RuleNames,
  ruleInWords,
  type SegmentRow,
  tryRule,
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
      const names = await loadRuleNames(ctx);
      return ok({ rows: (await listSegments(ctx)).map((row) => bodyOf(row, names)) });
    }),
    implement(contract.tryRule, async (ctx, { body, caller }) => {
      const tried = await tryRule(ctx, body.rule, caller.clientIds);
      if (!tried.ok) return tried;
      const { words, count, sample } = tried.value;
      return ok({ words, count, sample: sample.map((row) => ({ ...row, balanceMinor: row.balanceMinor.toString() })) });
    }),
    implement(contract.createSegment, async (ctx, { body }) => {
      const made = await createSegment(ctx, body);
      return made.ok ? ok(bodyOf(made.value, await loadRuleNames(ctx))) : made;
    }),
    implement(contract.changeSegment, async (ctx, { params, body, version }) => {
      const changed = await changeSegment(ctx, idOf('segment', params.segmentId), version, body);
      return changed.ok ? ok(bodyOf(changed.value, await loadRuleNames(ctx))) : changed;
    }),
    implement(contract.archiveSegment, async (ctx, { params, version }) => {
      const archived = await archiveSegment(ctx, idOf('segment', params.segmentId), version);
      return archived.ok ? ok(undefined) : archived;
    }),
  ];
}

const bodyOf = (row: SegmentRow, names: RuleNames): Body => ({
  id: row.id,
  name: row.name,
  description: row.description,
  revision: row.revision,
  rule: row.rule as Record<string, unknown>,
  // A rule is parsed before it is kept.
  words: ruleInWords(unwrap(parseRule(row.rule)), names),
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
    operators: operatorsOf(field).map((value) => ({ value, label: operatorInWords(field, value) })),
    choices:
      field.kind !== 'choice'
        ? null
        : typeof field.choices === 'string'
          ? choices[field.choices]
          : field.choices.map((value) => ({ value, label: value.replaceAll('_', ' ') })),
  };
}
