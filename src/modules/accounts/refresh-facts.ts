import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { withSetPlans } from '../../kernel/set-plans.ts';
import { followBalance, lockFacts, upsertFacts, type Within } from './refresh-facts.sql.ts';

/** Which accounts: named ones, those an import's staged rows touch, those a fragment selects (one column, the id), or all. */
export type FactsSelection =
  | { readonly accountIds: readonly Id<'account'>[] }
  | { readonly importId: Id<'import'> }
  | { readonly selected: RawBuilder<unknown> }
  | { readonly all: true };

/** `born`: how many accounts an import has just opened, where it touched no other: none of them has facts yet. */
export type RefreshOptions = { readonly raiseWhenFallen?: boolean; readonly born?: bigint };

/**
 * Recomputes the facts of accounts from items, holds, contact points, promises, receipts and the contact register, keeping each
 * stop epoch; with `raiseWhenFallen` the epoch rises where what is owed, less credit, fell. Moves accounts between active and
 * settled as their items close and open. Returns how many rows changed. Call it in the
 * transaction of what changed the sources.
 */
export async function refreshFacts(ctx: Ctx, selection: FactsSelection, options: RefreshOptions = {}): Promise<number> {
  const few = (options.born ?? 0n) >= LARGE ? null : await listFew(ctx, selection);
  if (few) return few.length === 0 ? 0 : refresh(ctx, { accountIds: few }, options);
  return withSetPlans(ctx.db, LARGE, () => refresh(ctx, selection, options));
}

/** From this many accounts on they are named by a subquery and hashed instead of being listed. */
const LARGE = 2000n;

/**
 * The accounts themselves, or null when there are many. A short list is looked up by index whatever the planner knows; the same few
 * as a subquery, repeated for each source of a tenant born today, were seen to take minutes.
 */
async function listFew(ctx: Ctx, selection: FactsSelection): Promise<readonly Id<'account'>[] | null> {
  if ('accountIds' in selection) return selection.accountIds;
  const ids =
    'all' in selection
      ? sql`select a.id from accounts.accounts a where a.tenant_id = ${ctx.tenant}`
      : 'selected' in selection
        ? selection.selected
        : touchedByImport(ctx, selection.importId);
  const { rows } = await sql<{ id: Id<'account'> }>`select n.id from (${ids}) n (id) limit ${LARGE}`.execute(ctx.db);
  return BigInt(rows.length) < LARGE ? rows.map((row) => row.id) : null;
}

async function refresh(ctx: Ctx, selection: FactsSelection, options: RefreshOptions): Promise<number> {
  const selected = selectedBy(ctx, selection, options.born);
  const within = withinOf(selection, selected);
  // In a statement of its own: whoever waits for another's change here must compute from a snapshot taken after it.
  if (options.born === undefined) await lockFacts(ctx, within);
  const changed = await upsertFacts(ctx, selected ?? within, { ...options, born: options.born !== undefined });
  if (changed.restated > 0n) await followBalance(ctx, within);
  return Number(changed.rows);
}

/** The fragment that selects the accounts, where one does. */
function selectedBy(ctx: Ctx, selection: FactsSelection, born: bigint | undefined): RawBuilder<unknown> | null {
  if ('selected' in selection) return selection.selected;
  if (!('importId' in selection)) return null;
  return born === undefined ? touchedByImport(ctx, selection.importId) : namedByImport(ctx, selection.importId);
}

function withinOf(selection: FactsSelection, selected: RawBuilder<unknown> | null): Within {
  if (selected) return (column) => sql`${sql.ref(column)} in (${selected})`;
  if (!('accountIds' in selection)) return () => sql`true`;
  const ids = [...new Set(selection.accountIds)];
  return (column) => sql`${sql.ref(column)} = any(${ids}::uuid[])`;
}

/** Accounts named by staged rows, and every account of the parties named: a contact file speaks of parties only. */
export function touchedByImport(ctx: Ctx, importId: Id<'import'>): RawBuilder<unknown> {
  return sql`select a.id from accounts.accounts a
      where a.tenant_id = ${ctx.tenant} and a.party_id in (
        select s.party_id from intake.staged_rows_v s where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId})
    union
    ${namedByImport(ctx, importId)}`;
}

const namedByImport = (ctx: Ctx, importId: Id<'import'>): RawBuilder<unknown> => sql`
  select distinct s.account_id from intake.staged_rows_v s
  where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and s.account_id is not null`;
