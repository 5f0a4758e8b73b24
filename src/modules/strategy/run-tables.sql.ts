import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../kernel/db.ts';

/**
 * The working set of one run, in temporary tables: what the statements of a run hand to each other without WAL, and with
 * statistics (ANALYZE), without which the planner takes a million rows for a thousand. Gone when the transaction ends.
 */
const tables = [
  sql`create temporary table run_choices (
    tenant_id uuid not null, account_id uuid not null, line int not null, follows int, allowed boolean[], experiment_id uuid, arm int,
    cluster_id uuid, root_id uuid, is_new boolean not null, joins boolean not null, held_out boolean not null) on commit drop`,
  sql`create temporary table run_items (
    tenant_id uuid not null, item_id uuid not null, account_id uuid not null, due_on date not null, open_minor bigint not null,
    stop_epoch bigint not null, follows int, allowed boolean[], due_day int, reached_day int, reached_level int, reached_step text, cover text,
    fires boolean not null, action text) on commit drop`,
  sql`create temporary table run_accounts (
    tenant_id uuid not null, account_id uuid not null, client_id uuid not null, cluster_id uuid not null, party_id uuid not null,
    currency char(3) not null, stop_epoch bigint not null, follows int, stage text not null, days_past_due int, open_items int not null,
    open_minor bigint not null, claimed_minor bigint not null, credit_minor bigint not null, listed_items int not null,
    listed_minor bigint not null, oldest_due_on date, outcome text not null, reason_code text not null, top_day int, top_action text,
    stop_code text, passes_hold boolean, notices_blocked text, withheld text, known_outcome text, known_reason text, known_from date) on commit drop`,
  sql`create temporary table run_plans (
    tenant_id uuid not null, plan_id uuid not null, account_id uuid not null, follows int not null, action text not null, day int, level int not null,
    step_key text not null, skipped int not null, takes_over uuid, hold_days int, proposed boolean not null, over_proposed boolean not null, top boolean not null) on commit drop`,
  sql`create temporary table run_reactions (
    tenant_id uuid not null, account_id uuid not null, event_id uuid not null, kind text not null, occurred_at timestamptz not null,
    key text not null, action text not null, level int not null, place int not null, hold_days int, approval boolean not null) on commit drop`,
];

/** Makes the empty working tables, also when an earlier run of the same transaction left its own. */
export async function createRunTables(db: Db): Promise<void> {
  await sql`drop table if exists pg_temp.run_choices, pg_temp.run_items, pg_temp.run_accounts, pg_temp.run_plans, pg_temp.run_reactions`.execute(
    db,
  );
  for (const table of tables) await table.execute(db);
}

/** Gives the planner the sizes of a working table that has just been filled. */
export async function analyzeRunTable(
  db: Db,
  table: 'run_choices' | 'run_items' | 'run_accounts' | 'run_plans' | 'run_reactions',
): Promise<void> {
  await sql`analyze pg_temp.${sql.raw(table)}`.execute(db);
}

/** The accounts a run is about, where it is not all of them. */
export type Only = readonly string[] | null;

/** Narrows a column of account ids to the accounts of a run. */
export const among = (only: Only, column: string): RawBuilder<unknown> =>
  only === null ? sql`` : sql`and ${sql.raw(column)} = any(${[...only]}::uuid[])`;

/** A hold or stop that is in force at `at`; `alias` must have effective_from and released_at, and effective_to when told so. */
export function inForce(alias: string, at: Date, ends = true): RawBuilder<boolean> {
  const row = sql.raw(alias);
  const open = sql<boolean>`${row}.effective_from <= ${at} and (${row}.released_at is null or ${row}.released_at > ${at})`;
  return ends ? sql<boolean>`${open} and (${row}.effective_to is null or ${row}.effective_to > ${at})` : open;
}
