import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Choice, type ChoiceLine, loadChoice } from './choice.ts';
import { findChoice } from './choice.sql.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import { type Draw, drawOf } from './experiments/draw.ts';
import { definitionFor, versionFollowed } from './ladder.ts';
import { type AccountView, findPicture } from './picture.sql.ts';
import { listDueReactions } from './reactions.sql.ts';
import { ruleDayOn } from './segments/try-rule.ts';
import type { StrategyVersion } from './versions.sql.ts';

/** What the strategies say about one account on a day, and from what. */
export type JudgedAccount = {
  readonly picture: AccountView;
  readonly verdict: Verdict;
  readonly version: StrategyVersion;
  /** The segment by which the selection table chose; null where none matched. */
  readonly segment: string | null;
  /** The experiment that splits its line. */
  readonly experiment: ExperimentPart | null;
};

/** Where an account stands in an experiment. */
export type ExperimentPart = {
  readonly name: string;
  /** Null for one that has not been let in and follows the champion. */
  readonly arm: string | null;
  readonly draw: Draw;
  readonly share: number;
};

/** Judges one account as a run on `asOf` would. `unknown_account` and `no_strategy` say what is missing. */
export async function judgeAccount(
  ctx: Ctx,
  accountId: string,
  asOf: CalendarDate,
  known?: Choice,
): Promise<JudgedAccount | 'unknown_account' | 'no_strategy'> {
  const choice = known ?? (await loadChoice(ctx, asOf));
  if (!choice) return 'no_strategy';
  const day = await ruleDayOn(ctx, asOf);
  const { line, follows, allowed, arm, heldOut, rootId } = await findChoice(ctx, choice, day, accountId);
  const left = heldOut ? 'held_out' : follows === null ? 'kept_out' : null;
  const reactions = await listDueReactions(ctx, choice.ladder, day, accountId, { follows, allowed });
  const picture = await findPicture(ctx, accountId, asOf, left, reactions);
  if (!picture) return 'unknown_account';
  const definition = definitionFor(choice.ladder, follows, allowed);
  return {
    picture,
    verdict: evaluate(picture, definition, asOf),
    version: versionFollowed(choice.ladder, follows ?? 0),
    segment: choice.lines[line]?.segment ?? null,
    experiment: partIn(choice.lines[line], arm, rootId),
  };
}

function partIn(line: ChoiceLine | undefined, arm: number | null, rootId: string | null): ExperimentPart | null {
  const experiment = line?.split?.experiment;
  if (!experiment || rootId === null) return null;
  const { id, name, arms, share } = experiment;
  return { name, arm: arm === null ? null : (arms[arm]?.name ?? null), draw: drawOf(id, rootId), share };
}
