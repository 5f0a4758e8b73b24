import { addDays, calendarDate, localDateOf, type TimeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { idOf } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { askOverride } from '../../../flows/ask-override.ts';
import { cureOf, decideOverride, loadRuleBook, type Reason, type Rule } from '../../../modules/compliance/public.ts';
import {
  countPrevented,
  factsInWords,
  findPermit,
  listOverrides,
  listPermits,
  type OverrideRow,
  type PermitRow,
} from '../../../modules/insights/public.ts';
import type { Caller } from '../caller.ts';
import { dayBegins } from '../day-begins.ts';
import * as contract from '../contract/permits.ts';
import type { ResponseOf } from '../contract/route.ts';
import { type Implementation, implement } from '../operation.ts';

const longestRangeDays = 92;
const usualRangeDays = 30;

/** Permits and what they were judged on; overrides, which take two people. */
export function permitHandlers(): Implementation[] {
  return [
    implement(contract.listPermits, async (ctx, { query, caller }) => {
      const { from, to, cursor, limit, ...rest } = query;
      const page = await listPermits(
        ctx,
        caller.clientIds,
        {
          ...rest,
          from: from === undefined ? undefined : dayBegins(from, caller),
          until: to === undefined ? undefined : dayBegins(to, caller, 1),
        },
        { cursor, limit },
      );
      if (!page.ok) return page;
      return ok({
        rows: page.value.rows.map((row) => {
          const reasons = reasonsOf(row.reasons);
          return {
            ...summaryBody(row),
            rules: [...new Set(reasons.map((one) => one.ruleId))],
            sentence: reasons[0]?.sentence ?? null,
          };
        }),
        nextCursor: page.value.nextCursor,
      });
    }),
    implement(contract.getPermit, async (ctx, { params, caller }) => {
      const found = await findPermit(ctx, caller.clientIds, params.permitId);
      if (found === null) return refuse('not_found', 'There is no such permit.');
      const reasons = reasonsOf(found.reasons);
      const { packs } = await loadRuleBook(ctx);
      const rules = packs.flatMap((pack) => pack.rules);
      const { proposal, facts, actId, actKind, usedAt, override } = found;
      return ok({
        ...summaryBody(found),
        purpose: (proposal as { purpose?: string }).purpose ?? 'collect',
        reasons: reasons.map((reason) => reasonBody(reason, rules, found.decidedAt)),
        facts: factsInWords(facts),
        packs: (found.packVersions as Versions).map((pack) => ({
          key: pack.key,
          version: pack.version,
          tightenedBy: pack.tightenedBy ?? [],
          replacedBy: pack.replacedBy ?? [],
        })),
        validUntil: found.validUntil.toISOString(),
        spentOn:
          actId !== null && actKind !== null && usedAt !== null
            ? { kind: actKind, id: actId, at: usedAt.toISOString() }
            : null,
        override: override && {
          reason: override.reason,
          requestedBy: override.requested_by,
          decidedBy: override.decided_by,
          note: override.note,
        },
        stored: { proposal, facts, reasons: found.reasons },
      });
    }),
    implement(contract.countPrevented, async (ctx, { query, caller }) => {
      const to = calendarDate(query.to ?? localDateOf(ctx.at, caller.timeZone as TimeZone));
      // The days around the end of the calendar cannot be counted from.
      if (to < '1901-01-01' || to > '9998-12-31')
        return refuse('too_far', 'That year is outside the calendar.', { to: 'Choose another day.' });
      const from = query.from === undefined ? addDays(to, 1 - usualRangeDays) : calendarDate(query.from);
      if (from < addDays(to, 1 - longestRangeDays))
        return refuse('too_far', `At most ${longestRangeDays} days can be counted at once.`, {
          from: 'Choose a later day.',
        });
      if (from > to)
        return refuse('ends_before_it_begins', 'The last day lies before the first.', { to: 'Choose a later day.' });
      const counted = await countPrevented(ctx, caller.clientIds, {
        from,
        to,
        clientId: query.clientId,
      });
      return ok({ from, to, ...counted });
    }),
    implement(contract.listOverrides, async (ctx, { query, caller }) =>
      ok({ rows: (await listOverrides(ctx, caller.clientIds, query)).map((row) => overrideBody(ctx, row)) }),
    ),
    implement(contract.askOverride, async (ctx, { params, body, caller }, host) => {
      const act =
        body.act.kind === 'message'
          ? { ...body.act, level: levels.find((level) => body.act.kind === 'message' && level === body.act.level) }
          : body.act;
      const asked = await askOverride(ctx, host.mailing, {
        ...body,
        act,
        accountId: idOf('account', params.accountId),
      });
      return asked.ok ? oneOverride(ctx, asked.value.overrideId, caller) : asked;
    }),
    implement(contract.decideOverride, async (ctx, { params, body, caller }) => {
      const decided = await decideOverride(ctx, { ...params, ...body });
      return decided.ok ? oneOverride(ctx, params.overrideId, caller) : decided;
    }),
  ];
}

const reasonsOf = (stored: unknown): Reason[] => (Array.isArray(stored) ? (stored as Reason[]) : []);

type Summary = Omit<ResponseOf<typeof contract.listPermits>['rows'][number], 'rules' | 'sentence'>;

function summaryBody(row: PermitRow): Summary {
  return {
    id: row.id,
    decision: row.decision,
    act: row.act as Summary['act'],
    channel: row.channel as Summary['channel'],
    account: { id: row.accountId, name: row.accountNumber },
    party: row.partyName,
    client: { id: row.clientId, name: row.clientName },
    decidedAt: row.decidedAt.toISOString(),
    notBefore: row.notBefore?.toISOString() ?? null,
    overrideId: row.overrideId,
  };
}

const levels = [0, 1, 2, 3, 4, 5] as const;

type Versions = readonly { key: string; version: string; tightenedBy?: string[]; replacedBy?: string[] }[];

const isNamed = (rule: Rule, of: { readonly ruleId: string; readonly part: string | null }) =>
  rule.id === of.ruleId && (rule.part ?? null) === of.part;

/** A rule may have several texts; the one that was in force is shown, else any. */
function reasonBody(
  reason: Reason,
  rules: readonly Rule[],
  at: Date,
): ResponseOf<typeof contract.getPermit>['reasons'][number] {
  const on = at.toISOString().slice(0, 10);
  const texts = rules.filter((one) => isNamed(one, reason));
  const rule =
    texts.find((one) => one.effectiveFrom <= on && (one.effectiveTo === undefined || on < one.effectiveTo)) ?? texts[0];
  return {
    ruleId: reason.ruleId,
    part: reason.part,
    kind: reason.kind,
    effect: reason.effect,
    sentence: reason.sentence,
    rule: rule?.sentence ?? null,
    title: rule?.title ?? null,
    citation: reason.citation,
    confidence: rule?.confidence ?? null,
    opening: reason.notBefore,
    cure: cureOf(reason, rule),
    rebuttable: reason.rebuttable,
  };
}

function overrideBody(ctx: Ctx, row: OverrideRow): ResponseOf<typeof contract.askOverride> {
  const reasons = reasonsOf(row.reasons);
  const lapsed = row.validUntil <= ctx.at;
  const state =
    row.usedAt !== null
      ? 'used'
      : row.verdict === 'rejected'
        ? 'rejected'
        : lapsed
          ? 'lapsed'
          : (row.verdict ?? 'requested');
  return {
    id: row.id,
    account: { id: row.accountId, name: row.accountNumber },
    party: row.partyName,
    channel: row.channel,
    sentences: reasons.map((reason) => reason.sentence),
    citations: [...new Set(reasons.map((reason) => reason.citation))],
    reason: row.reason,
    requestedBy: row.requestedBy,
    requestedAt: row.requestedAt.toISOString(),
    validUntil: row.validUntil.toISOString(),
    state,
    decidedBy: row.decidedBy,
    note: row.note,
    permitId: row.permitId,
    mine: row.requestedById === ctx.actor.id,
  };
}

async function oneOverride(
  ctx: Ctx,
  id: string,
  caller: Caller,
): Promise<Result<ResponseOf<typeof contract.askOverride>, 'not_found'>> {
  const [row] = await listOverrides(ctx, caller.clientIds, { id });
  return row ? ok(overrideBody(ctx, row)) : refuse('not_found', 'There is no such override.');
}
