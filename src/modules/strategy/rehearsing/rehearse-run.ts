import type { Ctx } from '../../../kernel/ctx.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Ladder } from '../ladder.ts';
import {
  countGroups,
  deleteOld,
  insertRehearsal,
  insertRows,
  type Rehearsal,
  type RehearsalGroup,
  type RehearsalRow,
  selectRehearsed,
} from './rehearsal.sql.ts';

/** What a dry run says about accounts, read before it is taken back. */
export type Rehearsed = { readonly groups: readonly RehearsalGroup[]; readonly rows: readonly RehearsalRow[] };

// Nobody reads further down one reason; the counts are of all.
const MOST = 5000;
const KEPT = 5;
const HOURS = 24;

/** Reads the working tables of a dry run: counts of everything, rows of those that owe most for each reason. */
export async function readRehearsed(ctx: Ctx, ladder: Ladder, most = MOST): Promise<Rehearsed> {
  const groups = await countGroups(ctx);
  const rows = await selectRehearsed(ctx, ladder, most);
  return { groups: groups.map((group) => ({ ...group, kept: Math.min(group.accounts, most) })), rows };
}

/** Keeps a dry run for a day so that it can be looked through; the newest five of a tenant at most. */
export async function keepRehearsal(
  ctx: Ctx,
  run: Pick<Rehearsal, 'asOf' | 'version' | 'counts'>,
  { groups, rows }: Rehearsed,
): Promise<Rehearsal> {
  const { asOf, version, counts } = run;
  const expiresAt = new Date(ctx.at.getTime() + HOURS * 3_600_000);
  const rehearsal = { id: newId<'rehearsal'>(), asOf, version, counts, groups, expiresAt };
  await insertRehearsal(ctx, rehearsal);
  await insertRows(ctx, rehearsal.id, rows);
  await deleteOld(ctx, KEPT);
  return { ...rehearsal, startedBy: ctx.actor.name, at: ctx.at };
}
