import { calendarDate } from '../../../kernel/calendar.ts';
import { pageOf, readCursor } from '../../../kernel/cursor.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import { rehearseDay } from '../../../flows/rehearse-day.ts';
import {
  findRehearsal,
  findRunHead,
  isNonAction,
  listRehearsalRows,
  listRehearsals,
  listRunDecisions,
  nonActionReasons,
  parseDefinition,
  type Rehearsal,
  type RunDecision,
  type ShownRow,
} from '../../../modules/strategy/public.ts';
import type { ResponseOf } from '../contract/route.ts';
import * as contract from '../contract/rehearsals.ts';
import { type Implementation, implement, implementFlow } from '../operation.ts';
import { numbersIn } from '../run-figures.ts';

type Row = ResponseOf<typeof contract.listRehearsalRows>['rows'][number];
type DecisionRow = ResponseOf<typeof contract.listRunDecisions>['rows'][number];

const noRehearsal = () =>
  refuse('rehearsal_not_found', 'This dry run is not kept any more; it lasts for 24 hours. Start another one.');
const noRun = () => refuse('run_not_found', 'There is no such run.');

/** Dry runs to look through, and what the runs there were decided. */
export function rehearsalHandlers(): Implementation[] {
  return [
    // A run over a whole portfolio takes longer than a request's statement may.
    implementFlow(contract.rehearseDay, ({ body }, host) =>
      host.enter(
        async (ctx) => {
          const kept = await rehearseDay(ctx, body.asOf === undefined ? undefined : calendarDate(body.asOf));
          return kept.ok ? ok(rehearsalBody(kept.value)) : kept;
        },
        { statementTimeoutMs: 0 },
      ),
    ),
    implement(contract.listRehearsals, async (ctx) => ok({ rows: (await listRehearsals(ctx)).map(rehearsalBody) })),
    implement(contract.listRehearsalRows, async (ctx, { params, query }) => {
      if (!(await findRehearsal(ctx, params.rehearsalId))) return noRehearsal();
      const cursor = query.cursor === undefined ? ok(['0']) : readCursor(query.cursor, ['integer']);
      if (!cursor.ok) return cursor;
      // A forged number beyond what the column holds is beyond every row.
      const after = Math.min(Number(cursor.value[0]), 2_000_000_000);
      const rows = await listRehearsalRows(ctx, params.rehearsalId, query, { after, limit: query.limit + 1 });
      const page = pageOf(rows, query.limit, (row) => [String(row.rowNo)]);
      return ok({ nextCursor: page.nextCursor, rows: page.rows.map(rowBody) });
    }),
    implement(contract.getRun, async (ctx, { params }) => {
      const run = await findRunHead(ctx, params.runId);
      if (!run) return noRun();
      return ok({
        ...run,
        at: run.at.toISOString(),
        finishedAt: run.finishedAt?.toISOString() ?? null,
        counts: numbersIn(run.counts),
        decided: run.decided.map(({ outcome, reasonCode, accounts }) => ({
          outcome: outcome as DecisionRow['outcome'],
          reasonCode,
          title: titleOf(reasonCode),
          accounts,
        })),
      });
    }),
    implement(contract.listRunDecisions, async (ctx, { params, query }) => {
      if (!(await findRunHead(ctx, params.runId))) return noRun();
      const cursor = query.cursor === undefined ? ok(null) : readCursor(query.cursor, ['text', 'uuid']);
      if (!cursor.ok) return cursor;
      const [reason = '', id = ''] = cursor.value ?? [];
      const after = cursor.value === null ? null : ([reason, id] as const);
      const rows = await listRunDecisions(ctx, params.runId, query.reason, { after, limit: query.limit + 1 });
      const page = pageOf(rows, query.limit, (row) => [row.reasonCode, row.id]);
      return ok({ nextCursor: page.nextCursor, rows: page.rows.map(decisionBody) });
    }),
  ];
}

const titleOf = (code: string): string => (isNonAction(code) ? nonActionReasons[code].sentence : code);
const actionsOf = (actions: string): string[] => (actions === '' ? [] : actions.split('+'));

const rehearsalBody = (rehearsal: Rehearsal): ResponseOf<typeof contract.rehearseDay> => ({
  ...rehearsal,
  counts: numbersIn(rehearsal.counts),
  groups: rehearsal.groups.map((group) => ({
    ...group,
    title: titleOf(group.reasonCode),
    actions: actionsOf(group.actions),
  })),
  at: rehearsal.at.toISOString(),
  expiresAt: rehearsal.expiresAt.toISOString(),
});

type Said = Pick<ShownRow, 'outcome' | 'reasonCode' | 'stepKey' | 'definition'>;

/** What is due, by the title of its step in the version followed, or why nothing is done and what would change that. */
function spoken({ outcome, reasonCode, stepKey, definition }: Said): { sentence: string; cure: string | null } {
  if (isNonAction(reasonCode))
    return { sentence: nonActionReasons[reasonCode].sentence, cure: nonActionReasons[reasonCode].cure };
  const read = parseDefinition(definition);
  const known = read.ok ? [...read.value.steps, ...(read.value.reactions ?? [])] : [];
  const step = known.find(({ key }) => key === (stepKey ?? reasonCode)) ?? known.find(({ key }) => key === reasonCode);
  return { sentence: step && outcome === 'act' ? `${step.title} is due.` : `“${reasonCode}” is due.`, cure: null };
}

const withheldOf = (code: string | null): string | null =>
  code !== null && isNonAction(code) ? nonActionReasons[code].sentence : null;

/** What a row of a dry run and a decision of a run say alike. */
const shared = (row: ShownRow | RunDecision) => ({
  accountId: row.accountId,
  number: row.number,
  party: row.party,
  client: row.clientName,
  outcome: row.outcome,
  reasonCode: row.reasonCode,
  ...spoken(row),
  version: row.version,
});

function rowBody(row: ShownRow): Row {
  return {
    ...shared(row),
    withheld: withheldOf(row.withheld),
    stage: row.stage as Row['stage'],
    daysPastDue: row.daysPastDue,
    openItems: row.openItems,
    openMinor: row.openMinor.toString(),
    claimedMinor: row.claimedMinor.toString(),
    currency: row.currency,
    actions: actionsOf(row.actions),
  };
}

function decisionBody(row: RunDecision): DecisionRow {
  const { facts } = row;
  const text = (name: string, otherwise: string) => (typeof facts[name] === 'string' ? facts[name] : otherwise);
  const number = (name: string) => (typeof facts[name] === 'number' ? facts[name] : null);
  const withheld = facts['withheld'];
  return {
    id: row.id,
    ...shared(row),
    withheld: withheldOf(typeof withheld === 'string' ? withheld : null),
    stage: text('stage', 'pre_due') as DecisionRow['stage'],
    daysPastDue: number('days_past_due'),
    openItems: number('open_items') ?? 0,
    openMinor: text('open_minor', '0'),
    claimedMinor: text('claimed_minor', '0'),
    currency: text('currency', 'USD').trim(),
    planState: row.planState,
  };
}
