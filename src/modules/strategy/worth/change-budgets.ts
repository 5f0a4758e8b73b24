import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import { listClients } from '../../accounts/public.ts';
import { type Budget, type BudgetedAction, type BudgetsRow, insertBudgets, listBudgets } from './budgets.sql.ts';
import { revise } from './revise.ts';

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
  return revise(ctx, 'budgets', seen, {
    effectiveFrom: draft.effectiveFrom,
    read: async () => {
      const read = await readBudgets(ctx, draft.lines);
      return read.ok ? ok({ lines: read.value }) : read;
    },
    list: listBudgets,
    insert: insertBudgets,
    detail: ({ lines }) => ({ lines: lines.length }),
  });
}

async function readBudgets(
  ctx: Ctx,
  lines: readonly BudgetDraft[],
): Promise<Result<readonly Budget[], 'malformed_budgets'>> {
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
