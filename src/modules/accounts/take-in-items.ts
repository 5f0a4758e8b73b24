import { type RawBuilder, sql } from 'kysely';
import { localDateOf } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { withSetPlans } from '../../kernel/set-plans.ts';
import { timeZone } from '../../kernel/time-zone.ts';
import { type ChartRow, type JournalKind, postSelected } from '../ledger/public.ts';
import { indexTokens } from '../parties/public.ts';
import { adjustOpen } from './adjust-open.sql.ts';
import { findClient } from './client.sql.ts';
import { lockSelectedAccounts } from './lock-accounts.sql.ts';
import { refreshFacts, touchedByImport } from './refresh-facts.ts';
import { raiseSelectedEpochs } from './stop-epoch.sql.ts';
import { type ImportScope, insertStagedAccounts, numberTexts } from './take-in-accounts.sql.ts';
import {
  accountsLowered,
  amountChanges,
  countClosedBy,
  hasClearing,
  hostReductions,
  insertStagedItems,
  journalDeltas,
  openingTransfers,
  updateStagedItems,
} from './take-in-items.sql.ts';

/** Items of an import: new, changed by it, closed because the host has nothing open; the rest changed nothing. */
export type TakenInItems = {
  readonly accounts: number;
  readonly created: number;
  readonly changed: number;
  /** Items whose open amount the host moved without a payment; `closed` of them came to nothing. */
  readonly reduced: number;
  readonly closed: number;
  readonly unchanged: number;
};

/**
 * Takes in the items an import has staged, with their accounts, as sets: new items are booked, changed amounts adjusted, what the host
 * has less open goes to clearing until a receipt explains it. Parties must be in first, and receipts follow. Facts of the accounts
 * touched are refreshed, stop epochs rise where some item fell. Rows of another currency or customer than we know change
 * nothing. Repeating it changes nothing; two imports of one client must not run at a time (`lockClient`). One transaction, the
 * caller's; so is the audit entry.
 */
export async function takeInItems(ctx: Ctx, importId: Id<'import'>): Promise<TakenInItems> {
  const { scope, rows } = await loadScope(ctx, importId);
  return withSetPlans(ctx.db, rows, async () => {
    // Existing accounts only; those being born have no facts row and nobody else can see them.
    const met = await lockSelectedAccounts(ctx, touchedByImport(ctx, importId));
    const accounts = await insertStagedAccounts(ctx, scope);
    const created = await insertStagedItems(ctx, scope, met === 0);
    const fresh = met === 0 && created === rows;
    const opened =
      created > 0n ? (await post(ctx, scope, 'item', openingTransfers(ctx, scope, fresh), fresh)).journalId : null;
    const known = rows > created;
    const { changed, journalIds } = known ? await changeKnown(ctx, scope) : nothingChanged;
    const host = await reduce(ctx, scope, rows);
    await indexTokens(ctx, numberTexts(ctx, scope));
    if (met > 0) await stopWhatFell(ctx, scope, opened, [...journalIds, ...host.journalIds]);
    await refreshFacts(ctx, { importId }, met === 0 ? { born: accounts } : {});
    return {
      accounts: Number(accounts),
      created: Number(created),
      changed: Number(changed),
      reduced: host.reduced,
      closed: host.closed,
      unchanged: Number(rows - created - changed),
    };
  });
}

/**
 * By item and not by balance: an invoice that was settled voids what was planned about it, also when a larger new one comes in the
 * same file and the account owes more than before. Accounts born in this import have no facts yet, and nothing planned.
 */
function stopWhatFell(
  ctx: Ctx,
  { importId }: ImportScope,
  opened: Id<'journal'> | null,
  changes: readonly Id<'journal'>[],
): Promise<void> {
  return raiseSelectedEpochs(ctx, accountsLowered(ctx, importId, { opened, changes }));
}

type Written = { readonly journalIds: readonly Id<'journal'>[] };
const nothingChanged = { changed: 0n, journalIds: [] };
const nothingReduced = { reduced: 0, closed: 0, journalIds: [] };

async function changeKnown(ctx: Ctx, scope: ImportScope): Promise<Written & { changed: bigint }> {
  const changes = await post(ctx, scope, 'item_change', amountChanges(ctx, scope));
  // Before the items move to other days: what was posted goes with them.
  if (changes.count > 0) await adjustOpen(ctx, journalDeltas(ctx, changes.journalId));
  const changed = await updateStagedItems(ctx, scope);
  return { changed, journalIds: changes.journalIds };
}

async function reduce(
  ctx: Ctx,
  scope: ImportScope,
  rows: bigint,
): Promise<Written & { reduced: number; closed: number }> {
  if (rows === 0n) return nothingReduced;
  const anyClearing = await hasClearing(ctx, scope.clientId);
  const { rows: open } = await sql`select 1 from intake.staged_rows_v s
    where s.tenant_id = ${ctx.tenant} and s.import_id = ${scope.importId} and s.open_minor is not null limit 1`.execute(
    ctx.db,
  );
  if (open.length === 0) return nothingReduced;
  const reductions = await post(ctx, scope, 'host_reduction', hostReductions(ctx, scope, anyClearing));
  if (reductions.count === 0) return nothingReduced;
  const reduced = await adjustOpen(ctx, journalDeltas(ctx, reductions.journalId));
  const closed = Number(await countClosedBy(ctx, reductions.journalId));
  return { reduced, closed, journalIds: reductions.journalIds };
}

async function post(
  ctx: Ctx,
  scope: ImportScope,
  kind: JournalKind,
  fragment: RawBuilder<unknown>,
  fresh = false,
): Promise<Written & { journalId: Id<'journal'>; count: number }> {
  const journalId = newId<'journal'>();
  const chart = kind === 'item' ? await chartOf(ctx, scope) : undefined;
  const count = await postSelected(
    ctx,
    { kind, sourceKind: 'import', sourceId: scope.importId, journalId, fresh },
    fragment,
    chart,
  );
  return { journalId, count, journalIds: count > 0 ? [journalId] : [] };
}

async function chartOf(ctx: Ctx, scope: ImportScope): Promise<ChartRow[]> {
  const { rows } = await sql<{ currency: ChartRow['currency'] }>`select distinct s.currency from intake.staged_rows_v s
    where s.tenant_id = ${ctx.tenant} and s.import_id = ${scope.importId} and s.currency is not null`.execute(ctx.db);
  return rows.flatMap(({ currency }): ChartRow[] => [
    { clientId: scope.clientId, kind: 'receivable', component: 'principal', currency },
    { clientId: scope.clientId, kind: 'opening', component: 'none', currency },
  ]);
}

async function loadScope(ctx: Ctx, importId: Id<'import'>): Promise<{ scope: ImportScope; rows: bigint }> {
  const { rows } = await sql<{ client_id: Id<'client'>; n: bigint }>`select m.client_id,
      (select count(*) from intake.staged_rows_v s where s.tenant_id = ${ctx.tenant} and s.import_id = m.id and s.item_id is not null) as n
    from intake.imports_v m where m.tenant_id = ${ctx.tenant} and m.id = ${importId}`.execute(ctx.db);
  const row = rows[0];
  const client = row ? await findClient(ctx, row.client_id) : null;
  if (!row || !client) throw new Error(`There is no import ${importId} of a client we know`);
  const on = localDateOf(ctx.at, timeZone(client.timeZone));
  return { scope: { importId, clientId: client.id, clientCurrency: client.currency, on }, rows: row.n };
}
