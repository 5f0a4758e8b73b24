import { sql } from 'kysely';
import type { Ctx } from '../../../kernel/ctx.ts';
import { newId } from '../../../kernel/ids.ts';
import { keyedHasher } from '../../identity/public.ts';
import type { PreferenceRow } from '../gate-facts.sql.ts';

const purpose = 'compliance.suppressions';
type Address = { readonly root_id: string; readonly kind: string; readonly value_key: string };

const kindOfChannel: Readonly<Record<string, string>> = {
  email: 'email',
  sms: 'phone',
  call: 'phone',
  letter: 'postal',
  postcard: 'postal',
  visit: 'postal',
};
const text = (address: Pick<Address, 'kind' | 'value_key'>): string => `${address.kind}:${address.value_key}`;

async function selectAddressesOf(ctx: Ctx, roots: readonly string[]): Promise<Address[]> {
  const { rows } = await sql<Address>`
    select k.root_id, c.kind, c.value_key from parties.clusters_v k
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.cluster_id = k.id
    join parties.contact_points_v c on c.tenant_id = ${ctx.tenant} and c.party_id = p.id
    where k.tenant_id = ${ctx.tenant} and k.root_id = any(${[...roots]}::uuid[])`.execute(ctx.db);
  return rows;
}

type Wish = {
  readonly kind: 'opt_out' | 'cease';
  readonly channel: string | null;
  readonly address_key: string | null;
  readonly effective_from: Date;
};

/** Stops in force, by wish or by an event of law that stops all the same. */
async function selectStops(ctx: Ctx, clusterIds: readonly string[]): Promise<Wish[]> {
  const { rows } = await sql<Wish>`
    select kind, channel, address_key, effective_from from compliance.preferences
    where tenant_id = ${ctx.tenant} and cluster_id = any(${[...clusterIds]}::uuid[]) and kind in ('opt_out', 'cease')
      and (ended_at is null or ended_at > ${ctx.at})
    union all
    select type, channel, address_key, effective_at from compliance.legal_events
    where tenant_id = ${ctx.tenant} and cluster_id = any(${[...clusterIds]}::uuid[]) and type in ('opt_out', 'cease')`.execute(
    ctx.db,
  );
  return rows;
}

/** Keeps what a person asked to be spared, by keyed hashes of their addresses, before the person is forgotten. Returns how many. */
export async function keepSuppressions(
  ctx: Ctx,
  erasure: { readonly id: string; readonly rootId: string; readonly clusterIds: readonly string[] },
): Promise<number> {
  const wishes = await selectStops(ctx, erasure.clusterIds);
  if (wishes.length === 0) return 0;
  const addresses = await selectAddressesOf(ctx, [erasure.rootId]);
  const hash = await keyedHasher(ctx, purpose);
  const rows = wishes.flatMap((wish) => {
    const only = wish.address_key;
    const named =
      only === null
        ? addresses
        : [{ kind: kindOfChannel[wish.channel ?? ''] ?? kindGuess(only, addresses), value_key: only }];
    return named.map(
      (
        address,
      ) => sql`(${ctx.tenant}, ${newId()}::uuid, ${hash(text(address))}, ${wish.kind}, ${wish.channel}, ${only !== null},
        ${wish.effective_from}::timestamptz, ${erasure.id}::uuid)`,
    );
  });
  if (rows.length === 0) return 0;
  await sql`
    insert into compliance.suppressions (tenant_id, id, address_hash, wish, channel, address_only, effective_from, erasure_id)
    values ${sql.join(rows)} on conflict do nothing`.execute(ctx.db);
  return rows.length;
}

const kindGuess = (key: string, addresses: readonly Address[]): string =>
  addresses.find((address) => address.value_key === key)?.kind ?? (key.includes('@') ? 'email' : 'phone');

type Suppression = {
  readonly id: string;
  readonly address_hash: Buffer;
  readonly wish: 'opt_out' | 'cease';
  readonly channel: string | null;
  readonly address_only: boolean;
  readonly effective_from: Date;
};

/** Wishes of forgotten people that hold for whoever is reached at one of their addresses now. Costs one statement where nobody was forgotten. */
export async function suppressedWishes(ctx: Ctx, roots: readonly string[], asOf: Date): Promise<PreferenceRow[]> {
  const { rows: any } =
    await sql`select 1 from compliance.suppressions where tenant_id = ${ctx.tenant} limit 1`.execute(ctx.db);
  if (any.length === 0) return [];
  const hash = await keyedHasher(ctx, purpose);
  const addresses = (await selectAddressesOf(ctx, roots)).map((address) => ({ ...address, hash: hash(text(address)) }));
  const { rows } = await sql<Suppression>`
    select id, address_hash, wish, channel, address_only, effective_from from compliance.suppressions
    where tenant_id = ${ctx.tenant} and address_hash = any(${addresses.map((address) => address.hash)}::bytea[]) and effective_from <= ${asOf}
    order by id`.execute(ctx.db);
  return rows.flatMap((row) =>
    addresses
      .filter((address) => address.hash.equals(row.address_hash))
      .map((address) => ({
        id: row.id,
        root_id: address.root_id,
        kind: row.wish,
        channel: row.channel,
        address_key: row.address_only ? address.value_key : null,
        detail: {},
        effective_from: row.effective_from,
      })),
  );
}
