import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import type { NewParty, PartyKind } from './party.ts';
import { taxKeyOf } from './score-match.ts';

export type PartyRow = {
  readonly id: Id<'party'>;
  readonly cluster_id: Id<'cluster'>;
  readonly kind: PartyKind;
  readonly name: string;
  readonly external_ref: string | null;
  readonly language: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly time_zone: string | null;
  readonly tax_number: string | null;
};

export async function insertParty(ctx: Ctx, id: Id<'party'>, clusterId: Id<'cluster'>, input: NewParty): Promise<void> {
  await sql`insert into parties.parties (tenant_id, id, cluster_id, kind, name, external_ref, language, country, region, time_zone, tax_number, tax_key, source, recorded_at)
    values (${ctx.tenant}, ${id}, ${clusterId}, ${input.kind}, ${input.name}, ${input.externalRef ?? null}, ${input.language ?? null},
            ${input.country ?? null}, ${input.region ?? null}, ${input.timeZone ?? null},
            ${input.taxNumber ?? null}, ${input.taxNumber ? taxKeyOf(input.taxNumber) : null}, ${input.source}, ${ctx.at})`.execute(
    ctx.db,
  );
}

export async function findParty(ctx: Ctx, id: Id<'party'>): Promise<PartyRow | null> {
  const { rows } = await sql<PartyRow>`
    select id, cluster_id, kind, name, external_ref, language, country, region, time_zone, tax_number
    from parties.parties where tenant_id = ${ctx.tenant} and id = ${id}`.execute(ctx.db);
  return rows[0] ?? null;
}

/** Changes what is given (undefined: leave, null: clear). Returns whether the party exists. */
export async function updatePartyRow(
  ctx: Ctx,
  id: Id<'party'>,
  changes: Partial<Omit<NewParty, 'source'>>,
): Promise<boolean> {
  const columns: Readonly<Record<string, keyof typeof changes>> = {
    kind: 'kind',
    name: 'name',
    external_ref: 'externalRef',
    language: 'language',
    country: 'country',
    region: 'region',
    time_zone: 'timeZone',
    tax_number: 'taxNumber',
  };
  const sets = Object.entries(columns)
    .filter(([, key]) => changes[key] !== undefined)
    .map(([column, key]) => sql`${sql.ref(column)} = ${changes[key]}`);
  if (changes.taxNumber !== undefined) sets.push(sql`tax_key = ${changes.taxNumber && taxKeyOf(changes.taxNumber)}`);
  if (sets.length === 0) return (await findParty(ctx, id)) !== null;
  const result =
    await sql`update parties.parties set ${sql.join(sets)} where tenant_id = ${ctx.tenant} and id = ${id}`.execute(
      ctx.db,
    );
  return result.numAffectedRows === 1n;
}
