import { sql } from 'kysely';
import { type CalendarDate, localDateOf, timeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Id, newId } from '../../../kernel/ids.ts';
import { type Currency, formatMoney, money } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { erasePerson, lacking, loadTenant, recordAudit } from '../../identity/public.ts';
import { lockRootsOf } from '../../parties/public.ts';
import { jurisdictionsOf } from '../jurisdictions.ts';
import { shippedPacks } from '../rule-book.ts';
import { findPerson, type KeptAccount, type Person, selectKeptAccounts, selectSettledRoots } from './kept.sql.ts';
import { legalHoldsOn } from './legal-holds.ts';
import { type Retention, retentionDuties, retentionOf } from './retention-of.ts';
import { keepSuppressions } from './suppressions.ts';

/** Why a person's records cannot be erased now. */
export type Obstacle = {
  readonly code: 'money_owed' | 'retention_duty' | 'legal_hold';
  readonly sentence: string;
  readonly until: CalendarDate | null;
};

const duties = retentionDuties(shippedPacks);

async function today(ctx: Ctx): Promise<CalendarDate> {
  return localDateOf(ctx.at, timeZone((await loadTenant(ctx)).timeZone));
}

function retentionOfAccount(account: KeptAccount, on: CalendarDate): Retention {
  return retentionOf(
    {
      jurisdictions: jurisdictionsOf(account.country, account.region),
      collector: account.collector,
      debtKind: account.debt_kind,
      product: account.product,
      lastActivityOn: account.last_activity_on,
      lastCallOn: account.last_call_on,
    },
    duties,
    on,
  );
}

/** Everything that stands against erasing a person now: money either way, duties that still run, legal holds. Empty: nothing does. */
export async function obstaclesToErasing(ctx: Ctx, person: Person): Promise<Obstacle[]> {
  const on = await today(ctx);
  const accounts = await selectKeptAccounts(ctx, [person.root_id]);
  const holds = await legalHoldsOn(ctx, person.cluster_ids, person.account_ids);
  return [
    ...accounts.flatMap(owedOn),
    ...accounts.flatMap((account) =>
      retentionOfAccount(account, on)
        .duties.filter((duty) => duty.through >= on)
        .map((duty) => ({
          code: 'retention_duty' as const,
          until: duty.through,
          sentence: `Account ${account.number} must be kept until ${duty.through}: ${duty.title} (${duty.citation}).`,
        })),
    ),
    ...holds.map((hold) => ({
      code: 'legal_hold' as const,
      until: null,
      sentence: `A legal hold placed by ${hold.placedBy} covers these records: ${hold.reason}`,
    })),
  ];
}

function owedOn(account: KeptAccount): Obstacle[] {
  const said = (minor: bigint): string => formatMoney(money(minor, account.currency as Currency));
  const { number, balance_minor: balance, credit_minor: credit } = account;
  return [
    ...(balance === 0n
      ? []
      : [{ code: 'money_owed' as const, until: null, sentence: `${said(balance)} is open on account ${number}.` }]),
    ...(credit === 0n
      ? []
      : [
          {
            code: 'money_owed' as const,
            until: null,
            sentence: `${said(credit)} in credit on account ${number} is not settled.`,
          },
        ]),
  ];
}

type Refused = 'forbidden' | 'not_found' | 'needs_note' | 'must_be_kept' | 'already_under_way';

/**
 * Asks for a person to be forgotten: because they wish it (`request`, which another person must approve) or because no duty keeps their
 * records any longer (`retention`, which one person approves). Refuses: `forbidden`, `not_found`, `needs_note`, `already_under_way`, and
 * `must_be_kept` with every reason.
 */
export async function requestErasure(
  ctx: Ctx,
  input: { readonly partyId: string; readonly basis: 'request' | 'retention'; readonly reason: string },
): Promise<Result<{ erasureId: string }, Refused>> {
  const barred = lacking(ctx.actor, 'compliance.override');
  if (barred) return barred;
  const reason = input.reason.trim();
  if (reason.length < 3)
    return refuse('needs_note', 'Say who asked for it and how they were recognised.', { reason: 'Too short.' });
  const person = await lockedPerson(ctx, input.partyId);
  if (!person) return refuse('not_found', 'There is no such person.');
  const obstacles = await obstaclesToErasing(ctx, person);
  if (obstacles.length > 0) return mustBeKept(obstacles);
  const { rows } = await sql`select 1 from compliance.erasures
    where tenant_id = ${ctx.tenant} and cluster_id = ${person.root_id} and state in ('requested', 'approved')`.execute(
    ctx.db,
  );
  if (rows.length > 0) return refuse('already_under_way', 'The erasure of this person has already been asked for.');
  const id = newId<'erasure'>();
  const requestedBy = input.basis === 'retention' ? 'retention' : ctx.actor.id;
  await sql`insert into compliance.erasures (tenant_id, id, cluster_id, basis, reason, state, requested_by, requested_at)
    values (${ctx.tenant}, ${id}, ${person.root_id}, ${input.basis}, ${reason}, 'requested', ${requestedBy}, ${ctx.at})`.execute(
    ctx.db,
  );
  await recordAudit(ctx, {
    action: 'erasure.requested',
    subjectKind: 'erasure',
    subjectId: id,
    detail: { cluster: person.root_id, basis: input.basis },
  });
  return ok({ erasureId: id });
}

const mustBeKept = (obstacles: readonly Obstacle[]) =>
  refuse('must_be_kept', obstacles.map((one) => one.sentence).join(' '));

async function lockedPerson(ctx: Ctx, partyId: string): Promise<Person | null> {
  const found = await findPerson(ctx, partyId);
  if (!found) return null;
  await lockRootsOf(ctx, [found.root_id as Id<'cluster'>]);
  return findPerson(ctx, partyId);
}

type Stored = {
  readonly state: string;
  readonly requested_by: string;
  readonly cluster_id: string;
  readonly party_ids: string[];
  readonly cluster_ids: string[];
};

async function locked(ctx: Ctx, erasureId: string): Promise<Stored | null> {
  const { rows } = await sql<Stored>`
    select state, requested_by, cluster_id, party_ids, cluster_ids from compliance.erasures
    where tenant_id = ${ctx.tenant} and id = ${erasureId} for update`.execute(ctx.db);
  return rows[0] ?? null;
}

/**
 * A second person approves: whose rows are meant is settled, and what the person asked to be spared is kept by keyed hashes of their
 * addresses. From here on it is carried out. Refuses: `forbidden`, `not_found`, `already_decided`, `other_person`, `must_be_kept`.
 */
export async function approveErasure(
  ctx: Ctx,
  erasureId: string,
): Promise<Result<void, 'forbidden' | 'not_found' | 'already_decided' | 'other_person' | 'must_be_kept'>> {
  const barred = lacking(ctx.actor, 'compliance.override');
  if (barred) return barred;
  const erasure = await locked(ctx, erasureId);
  if (!erasure) return refuse('not_found', 'There is no such erasure.');
  if (erasure.state !== 'requested') return refuse('already_decided', `This erasure is ${erasure.state}.`);
  if (erasure.requested_by === ctx.actor.id)
    return refuse('other_person', 'Somebody else must approve what you asked for.');
  const { rows } = await sql<{ id: string }>`
    select id from parties.parties_v where tenant_id = ${ctx.tenant} and root_cluster_id = (
      select root_id from parties.clusters_v where tenant_id = ${ctx.tenant} and id = ${erasure.cluster_id}) order by id limit 1`.execute(
    ctx.db,
  );
  const person = rows[0] ? await lockedPerson(ctx, rows[0].id) : null;
  if (!person) return refuse('not_found', 'There is no such person.');
  const obstacles = await obstaclesToErasing(ctx, person);
  if (obstacles.length > 0) return mustBeKept(obstacles);
  const kept = await keepSuppressions(ctx, { id: erasureId, rootId: person.root_id, clusterIds: person.cluster_ids });
  await sql`update compliance.erasures set state = 'approved', approved_by = ${ctx.actor.id}, approved_at = ${ctx.at},
      cluster_ids = ${[...person.cluster_ids]}::uuid[], party_ids = ${[...person.party_ids]}::uuid[], account_ids = ${[...person.account_ids]}::uuid[]
    where tenant_id = ${ctx.tenant} and id = ${erasureId}`.execute(ctx.db);
  await recordAudit(ctx, {
    action: 'erasure.approved',
    subjectKind: 'erasure',
    subjectId: erasureId,
    detail: { suppressionsKept: kept },
    set: person.party_ids,
  });
  return ok();
}

/** It is not to be, before it was approved. Refuses: `forbidden`, `not_found`, `already_decided`. */
export async function withdrawErasure(
  ctx: Ctx,
  erasureId: string,
): Promise<Result<void, 'forbidden' | 'not_found' | 'already_decided'>> {
  const barred = lacking(ctx.actor, 'compliance.override');
  if (barred) return barred;
  const erasure = await locked(ctx, erasureId);
  if (!erasure) return refuse('not_found', 'There is no such erasure.');
  if (erasure.state !== 'requested') return refuse('already_decided', `This erasure is ${erasure.state}.`);
  await sql`update compliance.erasures set state = 'withdrawn' where tenant_id = ${ctx.tenant} and id = ${erasureId}`.execute(
    ctx.db,
  );
  await recordAudit(ctx, { action: 'erasure.withdrawn', subjectKind: 'erasure', subjectId: erasureId });
  return ok();
}

/**
 * The next step of an approved erasure; false when none is left. Each step is a transaction of its own: what a crash interrupts goes on
 * where it stopped. Throws when it was not approved or a legal hold came in between.
 */
export async function eraseNext(ctx: Ctx, erasureId: string): Promise<boolean> {
  const { rows } = await sql<{ more: boolean }>`select compliance.erase_next(${erasureId}::uuid) as more`.execute(
    ctx.db,
  );
  return rows[0]?.more ?? false;
}

/** Ends an erasure whose steps are done: destroys the keys of the person's values in the audit trail. Repeating it changes nothing. */
export async function finishErasure(ctx: Ctx, erasureId: string): Promise<void> {
  const erasure = await locked(ctx, erasureId);
  if (erasure?.state !== 'approved') return;
  for (const personId of [...erasure.party_ids, ...erasure.cluster_ids]) await erasePerson(ctx, personId);
  await sql`update compliance.erasures set state = 'done', done_at = ${ctx.at} where tenant_id = ${ctx.tenant} and id = ${erasureId}`.execute(
    ctx.db,
  );
  await recordAudit(ctx, {
    action: 'erasure.done',
    subjectKind: 'erasure',
    subjectId: erasureId,
    set: erasure.party_ids,
  });
}

/** Erasures that are approved, not yet carried out and covered by no legal hold, oldest first. */
export async function listApprovedErasures(ctx: Ctx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select e.id from compliance.erasures e
    where e.tenant_id = ${ctx.tenant} and e.state = 'approved' and not exists (
      select 1 from compliance.legal_holds h where h.tenant_id = ${ctx.tenant} and h.released_at is null
        and (h.scope = 'tenant' or h.cluster_id = any(e.cluster_ids) or h.account_id = any(e.account_ids)))
    order by e.approved_at, e.id limit 100`.execute(ctx.db);
  return rows.map((row) => row.id);
}

export type DueForErasure = {
  readonly partyId: string;
  readonly name: string;
  readonly keptThrough: CalendarDate | null;
};

/**
 * Persons whose records no duty, debt or legal hold keeps any longer. Looks at the next `limit` settled persons after the one named and says
 * from where to go on; null when it has seen all.
 */
export async function listDueForErasure(
  ctx: Ctx,
  asked: { readonly after: string | null; readonly limit: number },
): Promise<{ readonly rows: DueForErasure[]; readonly next: string | null }> {
  const on = await today(ctx);
  const people = await selectSettledRoots(ctx, asked.after, asked.limit);
  const accounts = Map.groupBy(
    await selectKeptAccounts(
      ctx,
      people.map((one) => one.root_id),
    ),
    (account) => account.root_id,
  );
  const rows: DueForErasure[] = [];
  for (const { root_id: root, party_id: partyId, name } of people) {
    const own = accounts.get(root) ?? [];
    const through =
      own
        .map((account) => retentionOfAccount(account, on).through)
        .filter((day) => day !== null)
        .sort()
        .at(-1) ?? null;
    if ((through !== null && through >= on) || own.some((account) => owedOn(account).length > 0)) continue;
    const held = await legalHoldsOn(
      ctx,
      [root],
      own.map((account) => account.id),
    );
    if (held.length === 0) rows.push({ partyId, name, keptThrough: through });
  }
  return { rows, next: people.length < asked.limit ? null : (people.at(-1)?.root_id ?? null) };
}

export type ErasureRow = {
  readonly id: string;
  readonly clusterId: string;
  readonly basis: 'request' | 'retention';
  readonly reason: string;
  readonly state: 'requested' | 'approved' | 'done' | 'withdrawn';
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly approvedBy: string | null;
  readonly doneAt: Date | null;
};

/** Erasures, newest first. */
export async function listErasures(ctx: Ctx, limit: number): Promise<ErasureRow[]> {
  const { rows } = await sql<ErasureRow>`
    select id, cluster_id as "clusterId", basis, reason, state, requested_by as "requestedBy", requested_at as "requestedAt",
      approved_by as "approvedBy", done_at as "doneAt"
    from compliance.erasures where tenant_id = ${ctx.tenant} order by requested_at desc, id desc limit ${limit}`.execute(
    ctx.db,
  );
  return rows;
}
