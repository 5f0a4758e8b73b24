import { sql } from 'kysely';
import { addDays, type CalendarDate, startOfDay } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { loadTenant } from '../../identity/public.ts';
import { ratesOn } from '../../ledger/public.ts';
import { inReporting } from './assignments.sql.ts';
import { costedChannels, type Experiment } from './experiment.ts';
import type { Sums } from './intervals.ts';

/** What is measured of a person. */
export const measures = ['recovery', 'cash', 'cost', 'complaints'] as const;
export type Measure = (typeof measures)[number];

/** The people of an arm whose days were over on that day, as sums: recovery in millionths, money in minor units, complaints by the head. */
export type DaySums = { readonly arm: number; readonly on: CalendarDate; readonly measure: Measure } & Sums;

/** Who has entered, whether or not their days are over. */
export type Entered = {
  readonly arm: number;
  readonly on: CalendarDate;
  readonly people: number;
  readonly owedMinor: bigint;
};

/** People by arm and day of entry; only those are counted who owed something. */
export async function listEntered(ctx: Ctx, experimentId: string): Promise<Entered[]> {
  const { rows } = await sql<{ arm: number; on: CalendarDate; people: bigint; owedMinor: string }>`
    select u.arm, u.entered_on as on, count(*) as people, sum(u.owed_minor)::text as "owedMinor"
    from (${units(ctx, experimentId)}) u group by u.arm, u.entered_on order by u.entered_on, u.arm`.execute(ctx.db);
  return rows.map((row) => ({ ...row, people: Number(row.people), owedMinor: BigInt(row.owedMinor) }));
}

/** Persons as they were when they entered, with what they owed. */
const units = (ctx: Ctx, experimentId: string) => sql`
  select a.unit_id, a.arm, a.entered_on, sum(a.owed_minor) as owed_minor from strategy.assignments a
  where a.tenant_id = ${ctx.tenant} and a.experiment_id = ${experimentId}::uuid and a.owed_minor is not null
  group by a.unit_id, a.arm, a.entered_on having sum(a.owed_minor) > 0`;

/**
 * What became of the people of an experiment, person by person summed over the days on which their time was over, until `asOf`. Everything that
 * happened on any account of the person in its days counts, whatever has become of its treatment since (intention to treat); money taken
 * back counts as never received. In one statement over sets.
 */
export async function listOutcomes(ctx: Ctx, experiment: Experiment, asOf: CalendarDate): Promise<DaySums[]> {
  const { tenant } = ctx;
  const { currency: reporting, timeZone } = await loadTenant(ctx);
  const { id, recoveryDays, complaintDays, costs } = experiment;
  const days = [...new Set((await listEntered(ctx, id)).map((one) => one.on))];
  if (days.length === 0) return [];
  // Instants are compared with the beginnings of local days, which are worked out here.
  const bounds = days.map(
    (on) =>
      sql`(${on}::date, ${startOfDay(on, timeZone)}::timestamptz, ${startOfDay(addDays(on, complaintDays), timeZone)}::timestamptz)`,
  );
  const price = costedChannels.map((channel) => sql`when ${channel}::text then ${costs[channel]}::bigint`);
  const { rows } = await sql<{
    arm: number;
    on: CalendarDate;
    measure: Measure;
    n: bigint;
    sum: string;
    squares: string;
  }>`
    with bounds (entered_on, from_at, complaints_until) as (values ${sql.join(bounds)}),
    units as (${units(ctx, id)}),
    members as (
      select u.unit_id, u.entered_on, a.cluster_id from units u
      join strategy.assignments a on a.tenant_id = ${tenant} and a.experiment_id = ${id}::uuid and a.unit_id = u.unit_id
        and a.entered_on = u.entered_on and a.owed_minor is not null),
    held as (
      select m.unit_id, m.entered_on, f.id as account_id, f.currency from members m
      join accounts.facts_v f on f.tenant_id = ${tenant} and f.cluster_id = m.cluster_id),
    cash as (
      select h.unit_id, round(coalesce(sum(${inReporting(sql`p.amount_minor`, sql`p.currency`, reporting)}), 0)) as minor
      from held h
      join payments.receipts_v p on p.tenant_id = ${tenant} and p.account_id = h.account_id and p.state <> 'reversed'
        and p.received_on >= h.entered_on and p.received_on < h.entered_on + ${recoveryDays}::int
      left join (${ratesOn(ctx, reporting, experiment.startedOn ?? asOf)}) r on r.currency = p.currency
      group by h.unit_id),
    contacts as (
      select h.unit_id, sum(case c.channel ${sql.join(price, sql` `)} else 0 end) as minor
      from held h
      join compliance.register_v c on c.tenant_id = ${tenant} and c.account_id = h.account_id and c.direction = 'out' and c.status <> 'released'
        and c.local_on >= h.entered_on and c.local_on < h.entered_on + ${recoveryDays}::int
      group by h.unit_id),
    complaints as (
      select m.unit_id from members m
      join bounds b on b.entered_on = m.entered_on
      join compliance.preferences_v w on w.tenant_id = ${tenant} and w.cluster_id = m.cluster_id and w.kind in ('opt_out', 'cease')
        and w.effective_from >= b.from_at and w.effective_from < b.complaints_until
      union
      select m.unit_id from members m
      join bounds b on b.entered_on = m.entered_on
      join accounts.holds_v h on h.tenant_id = ${tenant} and h.cluster_id = m.cluster_id and h.reason = 'dispute'
        and h.effective_from >= b.from_at and h.effective_from < b.complaints_until
      union
      select m.unit_id from members m
      join bounds b on b.entered_on = m.entered_on
      join compliance.legal_events_v e on e.tenant_id = ${tenant} and e.cluster_id = m.cluster_id
        and e.type in ('dispute', 'direct_dispute', 'billing_error_report', 'refusal_to_pay')
        and e.effective_at >= b.from_at and e.effective_at < b.complaints_until),
    measured as (
      select u.arm, u.entered_on + v.days as on, v.measure, v.value
      from units u
      left join cash k on k.unit_id = u.unit_id
      left join contacts c on c.unit_id = u.unit_id
      left join complaints o on o.unit_id = u.unit_id
      cross join lateral (values
        ('recovery', ${recoveryDays}::int, trunc(least(coalesce(k.minor, 0), u.owed_minor) * 1000000 / u.owed_minor)),
        ('cash', ${recoveryDays}::int, coalesce(k.minor, 0)),
        ('cost', ${recoveryDays}::int, coalesce(c.minor, 0)),
        ('complaints', ${complaintDays}::int, (o.unit_id is not null)::int::numeric)) as v (measure, days, value))
    select d.arm, d.on, d.measure, count(*) as n, sum(d.value)::text as sum, sum(d.value * d.value)::text as squares
    from measured d where d.on <= ${asOf}::date group by d.arm, d.on, d.measure order by d.on, d.arm, d.measure`.execute(
    ctx.db,
  );
  return rows.map(({ n, sum, squares, ...row }) => ({
    ...row,
    n: Number(n),
    sum: BigInt(sum),
    squares: BigInt(squares),
  }));
}
