import { localDateOf } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import { loadTenant } from '../../identity/public.ts';
import { loadChoice } from '../choice.ts';
import { countPersonsOn } from '../choice.sql.ts';
import { ruleDayOn } from '../segments/try-rule.ts';
import type { Inflow } from './sample-size.ts';

const BACK = 90;

/**
 * The persons on a line of the selection who owe something (`segmentId` null: on the last line), and how many new ones came a day over the last
 * ninety. Refuses: `no_strategy`, `malformed_selection` (no such line).
 */
export async function measureInflow(
  ctx: Ctx,
  segmentId: string | null,
): Promise<Result<Inflow, 'no_strategy' | 'malformed_selection'>> {
  const today = localDateOf(ctx.at, (await loadTenant(ctx)).timeZone);
  const choice = await loadChoice(ctx, today);
  if (!choice) return refuse('no_strategy', 'No strategy is in effect today. Publish one first.');
  const line = choice.lines.findIndex((one) => one.segmentId === segmentId);
  if (line === -1)
    return refuse(
      'malformed_selection',
      'The selection table has no line of this segment. Add one, with the champion as its strategy.',
    );
  const { people, newcomers } = await countPersonsOn(ctx, choice, await ruleDayOn(ctx, today), line, BACK);
  return ok({ people, perDay: newcomers / BACK });
}
