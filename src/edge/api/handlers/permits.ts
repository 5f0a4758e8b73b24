import { addDays, calendarDate, localDateOf, startOfDay, type TimeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { idOf } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { askOverride } from '../../../flows/ask-override.ts';
import { type Fate, tryOnPlan } from '../../../flows/try-tightening.ts';
import {
  answerWithdrawal,
  approveTightening,
  askWithdrawal,
  cureOf,
  decideOverride,
  parametersInWords,
  proposeTightening,
  type Reason,
  rejectTightening,
  type Rule,
  shippedPacks,
  tryTightening,
  type WantedTightening,
} from '../../../modules/compliance/public.ts';
import {
  countPrevented,
  factsInWords,
  findPermit,
  listOverrides,
  listPermits,
  listTightenings,
  type OverrideRow,
  type PermitRow,
  type TighteningRow,
} from '../../../modules/insights/public.ts';
import type { Caller } from '../caller.ts';
import * as contract from '../contract/permits.ts';
import type { ResponseOf } from '../contract/route.ts';
import { type Implementation, implement } from '../operation.ts';

const longestRangeDays = 92;
const usualRangeDays = 30;

/** Permits and what they were judged on; tightenings and overrides, each of which takes two people. */
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
      const { proposal, facts, actId, actKind, usedAt, override } = found;
      return ok({
        ...summaryBody(found),
        purpose: (proposal as { purpose?: string }).purpose ?? 'collect',
        reasons: reasons.map(reasonBody),
        facts: factsInWords(facts),
        packs: (found.packVersions as { key: string; version: string; tightenedBy?: string[] }[]).map((pack) => ({
          key: pack.key,
          version: pack.version,
          tightenedBy: pack.tightenedBy ?? [],
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
        from: dayBegins(from, caller),
        until: dayBegins(to, caller, 1),
        timeZone: caller.timeZone,
        clientId: query.clientId,
      });
      return ok({ from, to, ...counted });
    }),
    implement(contract.listTightenings, async (ctx, { caller }) =>
      ok({ rows: (await listTightenings(ctx)).map((row) => tighteningBody(row, caller)) }),
    ),
    implement(contract.checkTightening, async (_ctx, { body }) => {
      const tried = tryTightening(body);
      return tried.ok ? ok(inWords(body)) : tried;
    }),
    implement(contract.proposeTightening, async (ctx, { body, caller }) => {
      const proposed = await proposeTightening(ctx, { ...body, from: calendarDate(body.from) });
      return proposed.ok ? oneTightening(ctx, proposed.value.tighteningId, caller) : proposed;
    }),
    implement(contract.tryOnPlan, async (ctx, { params, query }, host) => {
      const effect = await tryOnPlan(ctx, {
        mailing: host.mailing,
        tighteningId: params.tighteningId,
        cursor: query.cursor,
      });
      if (!effect.ok) return effect;
      const { changed, ...rest } = effect.value;
      return ok({
        ...rest,
        changed: changed.map((one) => ({ ...one, before: fateBody(one.before), after: fateBody(one.after) })),
      });
    }),
    implement(contract.approveTightening, async (ctx, { params, body, version, caller }) => {
      const done = await approveTightening(ctx, { ...params, rowVersion: version, effect: body.effect });
      return done.ok ? oneTightening(ctx, params.tighteningId, caller) : done;
    }),
    implement(contract.rejectTightening, async (ctx, { params, body, version, caller }) => {
      const done = await rejectTightening(ctx, { ...params, rowVersion: version, reason: body.reason });
      return done.ok ? oneTightening(ctx, params.tighteningId, caller) : done;
    }),
    implement(contract.askWithdrawal, async (ctx, { params, body, version, caller }) => {
      const done = await askWithdrawal(ctx, { ...params, rowVersion: version, reason: body.reason });
      return done.ok ? oneTightening(ctx, params.tighteningId, caller) : done;
    }),
    implement(contract.answerWithdrawal, async (ctx, { params, body, version, caller }) => {
      const done = await answerWithdrawal(ctx, { ...params, rowVersion: version, agree: body.agree });
      return done.ok ? oneTightening(ctx, params.tighteningId, caller) : done;
    }),
    implement(contract.listOverrides, async (ctx, { query, caller }) =>
      ok({ rows: (await listOverrides(ctx, caller.clientIds, query)).map((row) => overrideBody(ctx, row)) }),
    ),
    implement(contract.askOverride, async (ctx, { params, body, caller }) => {
      const asked = await askOverride(ctx, { accountId: idOf('account', params.accountId), ...body });
      return asked.ok ? oneOverride(ctx, asked.value.overrideId, caller) : asked;
    }),
    implement(contract.decideOverride, async (ctx, { params, body, caller }) => {
      const decided = await decideOverride(ctx, { ...params, ...body });
      return decided.ok ? oneOverride(ctx, params.overrideId, caller) : decided;
    }),
  ];
}

// The calendar ends with the year 9999: its last day has no next one.
const lastWithNext = '9999-12-30';
const dayBegins = (day: string, caller: Caller, plus = 0): Date =>
  startOfDay(addDays(calendarDate(day > lastWithNext ? lastWithNext : day), plus), caller.timeZone as TimeZone);

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

const everyRule = shippedPacks.flatMap((pack) => pack.rules);
const isNamed = (rule: Rule, of: { readonly ruleId: string; readonly part: string | null }) =>
  rule.id === of.ruleId && (rule.part ?? null) === of.part;

function reasonBody(reason: Reason): ResponseOf<typeof contract.getPermit>['reasons'][number] {
  const rule = everyRule.find((one) => isNamed(one, reason));
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

const fateBody = (fate: Fate) => ({ ...fate, goesAt: fate.goesAt?.toISOString() ?? null });

/** The rule's parameters in words, as shipped and as tightened. */
function inWords(wanted: WantedTightening): { before: string[]; after: string[] } {
  const tried = tryTightening(wanted);
  if (!tried.ok) return { before: [], after: [] };
  const words = (rules: readonly Rule[]) => [...new Set(rules.flatMap(parametersInWords))];
  return { before: words(tried.value.map(({ from }) => from)), after: words(tried.value.map(({ to }) => to)) };
}

function tighteningBody(row: TighteningRow, caller: Caller): ResponseOf<typeof contract.proposeTightening> {
  const { proposedById, withdrawalById, approvedAt, recordedAt, rowVersion, parameters, ...rest } = row;
  const wanted = { ruleId: row.ruleId, part: row.part, parameters };
  const first = row.state === 'withdrawal_asked' ? withdrawalById : row.state === 'proposed' ? proposedById : null;
  return {
    ...rest,
    ...inWords(wanted),
    parameters: parameters as ResponseOf<typeof contract.proposeTightening>['parameters'],
    title:
      everyRule.find((rule) => rule.id === row.ruleId && (row.part === null || rule.part === row.part))?.title ??
      row.ruleId,
    approvedAt: approvedAt?.toISOString() ?? null,
    mine: first !== null && first === caller.actor.id,
    recordedAt: recordedAt.toISOString(),
    rowVersion: rowVersion.toString(),
  };
}

async function oneTightening(
  ctx: Ctx,
  id: string,
  caller: Caller,
): Promise<Result<ResponseOf<typeof contract.proposeTightening>, 'not_found'>> {
  const [row] = await listTightenings(ctx, id);
  return row ? ok(tighteningBody(row, caller)) : refuse('not_found', 'There is no such tightening.');
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
