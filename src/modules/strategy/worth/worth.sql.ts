import { type RawBuilder, sql } from 'kysely';
import { addDays } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { exponentOf } from '../../../kernel/money.ts';
import { ratesOn, unitsInSql } from '../../ledger/public.ts';
import { type Act, acts, type Weights } from './weights.ts';
import { contactSince, mostWorth, type WorthDay, worthScale } from './worth.ts';

/** What work is worth as SQL over `accounts.facts_v f`, after which `joins` must stand. `act` is SQL too: one of the acts; whatever else a person does counts as a review. */
export type WorthInSql = {
  readonly joins: RawBuilder<unknown>;
  readonly worth: (act: RawBuilder<unknown>) => RawBuilder<bigint>;
};

/** `worthOf` in SQL: the same products of whole numbers, divided once and rounded down. */
export function worthInSql(ctx: Ctx, weights: Weights, day: WorthDay): WorthInSql {
  const { chance, promises, contact, reach } = weights;
  const since = contactSince(weights, day);
  const buckets = chance
    .slice(1)
    .toReversed()
    .map((one) => sql`when f.oldest_open_due_on <= ${addDays(day.today, -one.fromDay)}::date then ${one.percent}::int`);
  const youngest = sql`${chance[0]?.percent ?? 0}::int`;
  const chanceInSql = buckets.length === 0 ? youngest : sql`case ${sql.join(buckets, sql` `)} else ${youngest} end`;
  const promisesInSql = sql`case when f.promises_kept > 0 and f.promises_broken > 0 then ${promises.both}::int
    when f.promises_broken > 0 then ${promises.broken}::int when f.promises_kept > 0 then ${promises.kept}::int else 100 end`;
  const contactInSql = sql`case when f.last_contact_at is null and f.last_conversation_at is null then ${contact.never}::int
    when f.last_contact_at >= ${since.recent}::timestamptz then ${contact.recent}::int
    when f.last_conversation_at >= ${since.spoken}::timestamptz then ${contact.spoken}::int else ${contact.tried}::int end`;
  const units = unitsInSql(sql`greatest(f.balance_minor - f.credit_minor, 0)`, sql`f.currency`, sql`x.rate`);
  const scale = worthScale * 10n ** BigInt(exponentOf(day.reporting));

  const worth = (act: RawBuilder<unknown>) => {
    const byAct = (of: (one: Act) => number) =>
      sql`case ${act} ${sql.join(
        acts.map((one) => sql`when ${one}::text then ${of(one)}::bigint`),
        sql` `,
      )} else ${of('review')}::bigint end`;
    const reachInSql = sql`case when ${act} not in ('email', 'call', 'call_back') then 100
      when ${act} = 'email' then case when f.has_email then 100 else ${reach.none}::int end
      when not f.has_phone then ${reach.none}::int when f.last_conversation_at is null then ${reach.phone}::int else ${reach.spoken}::int end`;
    const gain = sql`${units} * (${chanceInSql}) * (${promisesInSql}) * (${byAct((one) => weights.acts[one].effect)}) * (${contactInSql}) * (${reachInSql})`;
    const cost = sql`(${byAct((one) => weights.acts[one].costMinor)})`;
    return sql<bigint>`least(div(${gain} * ${scale.toString()}::numeric, ${cost} * 10000000000::numeric), ${mostWorth.toString()}::numeric)::bigint`;
  };
  return { joins: sql`left join (${ratesOn(ctx, day.reporting, day.today)}) x on x.currency = f.currency`, worth };
}
