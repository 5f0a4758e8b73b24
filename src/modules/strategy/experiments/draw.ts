import { type RawBuilder, sql } from 'kysely';
import { hashId } from '../../../kernel/ids.ts';

/** Shares and weights are hundredths of a per cent. */
export const WHOLE = 10_000;

/** The lots a person draws in an experiment, each 0 to 9999. */
export type Draw = {
  /** Which arm. */
  readonly arm: number;
  /** When it is let in: persons below the share enter, so that widening lets others in and nobody out. */
  readonly entry: number;
};

/**
 * The lots of a person (the root of its cluster), drawn from a hash of both ids: the same everywhere, without a table, and of one
 * experiment nothing can be told about another. Two lots, since one would let a share of 5 % consist of the first arm alone. 32 bits
 * over 10,000 leave a bias of two in a million.
 */
export function drawOf(experimentId: string, rootId: string): Draw {
  const hex = hashId('draw', experimentId, rootId);
  return { arm: Number.parseInt(hex.slice(0, 8), 16) % WHOLE, entry: Number.parseInt(hex.slice(-8), 16) % WHOLE };
}

/** The SQL twin of `drawOf`. */
export function drawInSql(
  experimentId: RawBuilder<unknown>,
  rootId: RawBuilder<unknown>,
): Record<keyof Draw, RawBuilder<number>> {
  const hex = sql`kernel.hash_id('draw', ${experimentId}::text, ${rootId}::text)::text`;
  return {
    arm: sql<number>`(('x' || left(${hex}, 8))::bit(32)::bigint % ${sql.lit(WHOLE)})::int`,
    entry: sql<number>`(('x' || right(${hex}, 8))::bit(32)::bigint % ${sql.lit(WHOLE)})::int`,
  };
}

/** Which arm a lot falls to; null when the person has not been let in. The SQL twin is `armInSql`. */
export function armOf(arms: readonly { readonly weight: number }[], share: number, draw: Draw): number | null {
  if (draw.entry >= share) return null;
  let end = 0;
  return arms.findIndex(({ weight }) => draw.arm < (end += weight));
}

export function armInSql(
  arms: readonly { readonly weight: number }[],
  share: number,
  draw: Record<keyof Draw, RawBuilder<number>>,
): RawBuilder<number | null> {
  let end = 0;
  const whens = arms.map(({ weight }, at) => sql`when ${draw.arm} < ${(end += weight)}::int then ${at}::int`);
  return sql<number | null>`case when ${draw.entry} < ${share}::int then case ${sql.join(whens, sql` `)} end end`;
}
