import type { CalendarDate } from '../../../kernel/calendar.ts';
import { canonicalJson } from '../../../kernel/crypto.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { newId } from '../../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import { listClients } from '../../accounts/public.ts';
import { recordAudit } from '../../identity/public.ts';
import { lockStrategies } from '../versions.sql.ts';
import { type Budget, type BudgetedAction, type BudgetsRow, insertBudgets, listBudgets } from './budgets.sql.ts';
import { effectiveDay } from './effective-day.ts';

export type BudgetsRefusal = 'malformed_budgets' | 'changed_meanwhile';
export type BudgetDraft = {
  readonly action: BudgetedAction;
  readonly clientId: string | null;
  readonly perDay: number;
};

const LINES = 200;
const MOST = 10_000_000;

/**
 * Puts budgets in effect from a day on, today at the earliest; `seen` is the newest revision the writer looked at, 0 for none. No line: no
 * limit. Refuses: `malformed_budgets`, with a sentence for each line at fault, `changed_meanwhile`.
 */
export async function changeBudgets(
  ctx: Ctx,
  seen: number,
  draft: { readonly lines: readonly BudgetDraft[]; readonly effectiveFrom?: CalendarDate },
): Promise<Result<BudgetsRow, BudgetsRefusal>> {
  await lockStrategies(ctx);
  const [newest] = await listBudgets(ctx, 1);
  if (newest && newest.revision !== seen)
    return refuse(
      'changed_meanwhile',
      `${newest.recordedBy} has written revision ${newest.revision} of the budgets meanwhile. Look at it again and repeat your change.`,
    );
  const read = await readBudgets(ctx, draft.lines);
  if (!read.ok) return read;
  const day = await effectiveDay(ctx, draft.effectiveFrom, 'malformed_budgets');
  if (!day.ok) return day;
  const effectiveFrom = day.value;
  const same = (row: BudgetsRow) =>
    row.effectiveFrom === effectiveFrom && canonicalJson(row.lines) === canonicalJson(read.value);
  if (newest && same(newest)) return ok(newest);
  const row = { id: newId<'budgets'>(), revision: (newest?.revision ?? 0) + 1, lines: read.value, effectiveFrom };
  await insertBudgets(ctx, row);
  await recordAudit(ctx, {
    action: 'strategy.budgets_changed',
    subjectKind: 'budgets',
    subjectId: row.id,
    detail: { revision: row.revision, effectiveFrom, lines: row.lines.length },
  });
  return ok({ ...row, recordedBy: ctx.actor.name, recordedAt: ctx.at });
}

async function readBudgets(
  ctx: Ctx,
  lines: readonly BudgetDraft[],
): Promise<Result<readonly Budget[], BudgetsRefusal>> {
  if (lines.length > LINES)
    return refuse('malformed_budgets', `There can be at most ${LINES} budgets; these are ${lines.length}.`);
  const clients = new Map((await listClients(ctx)).map((client) => [client.id as string, client.id]));
  const faults: Record<string, string> = {};
  const read = lines.flatMap(({ action, clientId, perDay }, at): Budget[] => {
    const client = clientId === null ? null : clients.get(clientId);
    const twice = lines.slice(0, at).some((one) => one.action === action && one.clientId === clientId);
    if (client === undefined) faults[`lines.${at}.clientId`] = 'There is no such client. Choose another.';
    else if (twice) faults[`lines.${at}`] = 'There is a budget for this above already. Keep one of them.';
    else if (!Number.isInteger(perDay) || perDay < 0 || perDay > MOST)
      faults[`lines.${at}.perDay`] = `Write a whole number from 0 to ${MOST.toLocaleString('en-US')}.`;
    else return [{ action, clientId: client, perDay }];
    return [];
  });
  const [first] = Object.values(faults);
  return first === undefined ? ok(read) : refuse('malformed_budgets', first, faults);
}
