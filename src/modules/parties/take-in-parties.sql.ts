import { type RawBuilder, sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';

type ImportId = Id<'import'>;

const staged = (ctx: Ctx, importId: ImportId): RawBuilder<unknown> => sql`intake.staged_rows_v s
  where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and s.party_id is not null`;

export async function countStaged(ctx: Ctx, importId: ImportId): Promise<bigint> {
  const { rows } = await sql<{ n: bigint }>`select count(*) as n from ${staged(ctx, importId)}`.execute(ctx.db);
  return rows[0]?.n ?? 0n;
}

/** Whether none of the import's parties is known yet; then they can be inserted without looking for each. */
export async function allStagedNew(ctx: Ctx, importId: ImportId): Promise<boolean> {
  const { rows } = await sql<{ yes: boolean }>`select not exists (
    select 1 from ${staged(ctx, importId)} and s.party_id in (select p.id from parties.parties p where p.tenant_id = ${ctx.tenant})) as yes`.execute(
    ctx.db,
  );
  return rows[0]?.yes ?? false;
}

const unlessKnown = (fresh: boolean): RawBuilder<unknown> =>
  fresh ? sql`` : sql`on conflict (tenant_id, id) do nothing`;

/** Returns how many parties are new: each is born with a cluster of its own (`birthClusterId`). */
export async function insertStagedClusters(ctx: Ctx, importId: ImportId, fresh: boolean): Promise<bigint> {
  const result = await sql`insert into parties.clusters (tenant_id, id, root_id)
    select d.tenant_id, d.party_id, d.party_id
    from (select distinct s.tenant_id, s.party_id from ${staged(ctx, importId)}) d
    ${fresh ? sql`` : sql`where not exists (select 1 from parties.parties p where p.tenant_id = ${ctx.tenant} and p.id = d.party_id)`}
    order by d.party_id
    ${unlessKnown(fresh)}`.execute(ctx.db);
  return result.numAffectedRows ?? 0n;
}

/**
 * Inserts new parties and gives known ones the file's name and number; place and language only fill blanks, because an items file
 * mostly repeats a default while a person or a contacts file has said better. Returns rows written.
 */
export async function upsertStagedParties(ctx: Ctx, importId: ImportId, fresh: boolean): Promise<bigint> {
  const result =
    await sql`insert into parties.parties (tenant_id, id, cluster_id, kind, name, external_ref, language, country, region, time_zone, source, recorded_at)
    select d.tenant_id, d.party_id, d.party_id, d.kind, d.name, d.external_ref, d.language, d.country, d.region,
           d.time_zone, 'import', ${ctx.at}::timestamptz
    from (
      select s.tenant_id, s.party_id, coalesce(max(s.party_kind), 'business') as kind, left(coalesce(max(s.party_name), max(s.party_ref), 'Unnamed'), 300) as name,
             max(s.party_ref) as external_ref, max(s.language) as language, max(s.country) as country, max(s.region) as region, max(s.time_zone) as time_zone
      from ${staged(ctx, importId)}
      group by s.tenant_id, s.party_id) d
    order by d.party_id
    ${fresh ? sql`` : takingNameAndNumber}`.execute(ctx.db);
  return result.numAffectedRows ?? 0n;
}

const takingNameAndNumber = sql`on conflict (tenant_id, id) do update
  set name = excluded.name, external_ref = coalesce(excluded.external_ref, parties.external_ref), language = coalesce(parties.language, excluded.language),
      country = coalesce(parties.country, excluded.country), region = coalesce(parties.region, excluded.region),
      time_zone = coalesce(parties.time_zone, excluded.time_zone)
  where (parties.name, parties.external_ref, parties.language, parties.country, parties.region, parties.time_zone) is distinct from
    (excluded.name, coalesce(excluded.external_ref, parties.external_ref), coalesce(parties.language, excluded.language),
     coalesce(parties.country, excluded.country), coalesce(parties.region, excluded.region), coalesce(parties.time_zone, excluded.time_zone))`;

/** The texts of the import's parties, for `indexTokens`. */
export const partyTexts = (ctx: Ctx, importId: ImportId): RawBuilder<unknown> => sql`
  select p.id as party_id, concat_ws(' ', p.name, p.external_ref) as text
  from parties.parties p
  where p.tenant_id = ${ctx.tenant} and p.id in (select s.party_id from ${staged(ctx, importId)})`;

/** A contacts file's word on place and language replaces what we had. Returns parties changed. */
export async function updateStagedPlaces(ctx: Ctx, importId: ImportId): Promise<bigint> {
  const result = await sql`update parties.parties p
    set country = coalesce(d.country, p.country), region = coalesce(d.region, p.region), time_zone = coalesce(d.time_zone, p.time_zone),
        language = coalesce(d.language, p.language)
    from (select s.party_id, max(s.country) as country, max(s.region) as region, max(s.time_zone) as time_zone, max(s.language) as language
          from ${staged(ctx, importId)} group by s.party_id) d
    where p.tenant_id = ${ctx.tenant} and p.id = d.party_id
      and (p.country, p.region, p.time_zone, p.language) is distinct from
        (coalesce(d.country, p.country), coalesce(d.region, p.region), coalesce(d.time_zone, p.time_zone), coalesce(d.language, p.language))`.execute(
    ctx.db,
  );
  return result.numAffectedRows ?? 0n;
}

/** One row per contact point the import names, keyed as `normaliseContact` keys them (intake has read them with it). */
const stagedPoints = (ctx: Ctx, importId: ImportId): RawBuilder<unknown> => sql`
  select s.tenant_id, s.party_id, v.kind, v.value_key, max(v.value) as value, max(s.contact_name) as label
  from intake.staged_rows_v s
  cross join lateral (values
    ('email', btrim(s.email), lower(btrim(s.email))), ('phone', btrim(s.phone), btrim(s.phone)),
    ('postal', btrim(s.postal), regexp_replace(lower(btrim(s.postal)), '\\s+', ' ', 'g'))) as v (kind, value, value_key)
  where s.tenant_id = ${ctx.tenant} and s.import_id = ${importId} and s.party_id is not null and v.value <> ''
    and coalesce(s.email, s.phone, s.postal) is not null
  group by s.tenant_id, s.party_id, v.kind, v.value_key`;

/** A contact point we have is left as people have set it: ended, wrong or bounced ones do not come back by file. */
export async function insertStagedPoints(
  ctx: Ctx,
  importId: ImportId,
): Promise<{ points: bigint; unmatched: bigint; created: bigint }> {
  const { rows } = await sql<{ points: bigint; unmatched: bigint; created: bigint }>`
    with points as materialized (
      select d.*, p.tenant_id as known from (${stagedPoints(ctx, importId)}) d
      left join parties.parties p on p.tenant_id = ${ctx.tenant} and p.id = d.party_id),
    created as (
      insert into parties.contact_points (tenant_id, id, party_id, kind, value, value_key, label, source, effective_from, recorded_at)
      select d.tenant_id, kernel.hash_id('contact_point', d.party_id::text, d.kind, d.value_key), d.party_id, d.kind, d.value, d.value_key,
             d.label, 'import', ${ctx.at}::timestamptz, ${ctx.at}::timestamptz
      from points d where d.known is not null
      on conflict do nothing
      returning 1)
    select count(*) as points, count(*) filter (where known is null) as unmatched, (select count(*) from created) as created from points`.execute(
    ctx.db,
  );
  return rows[0] ?? { points: 0n, unmatched: 0n, created: 0n };
}

/** The texts of the import's contact points, for `indexTokens`. */
export const contactTexts = (ctx: Ctx, importId: ImportId): RawBuilder<unknown> => sql`
  select c.party_id, c.value as text
  from parties.contact_points c
  where c.tenant_id = ${ctx.tenant} and c.party_id in (select s.party_id from ${staged(ctx, importId)} and coalesce(s.email, s.phone, s.postal) is not null)`;
