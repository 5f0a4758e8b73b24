import { sql } from 'kysely';
import { type CalendarDate, localDateOf, type TimeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { idOf } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { type LimitationGiven, reckonLimitation, type Reckoning } from './computations/limitation.ts';
import { type DebtParticulars, particularsSchema } from './debt-particulars.ts';
import { loadRuleBook } from './load-gate-facts.ts';

export type DebtDescription = {
  readonly product: string | null;
  readonly chargedOffOn: CalendarDate | null;
  /** Student loans serviced under one number when obtained share it and are one debt. */
  readonly servicingGroup: string | null;
  readonly principalMinor: bigint | null;
  /** Null: nobody knows yet, which denies what a time-bar could forbid. */
  readonly limitation: LimitationGiven | null;
};

export type DebtRow = {
  readonly id: string;
  readonly product: string | null;
  readonly chargedOffOn: string | null;
  readonly servicingGroup: string | null;
  readonly principalMinor: bigint | null;
  readonly lastDayToSue: string | null;
  readonly limitation: Reckoning['reckoning'] | null;
  /** What the creditor's file says of it. */
  readonly particulars: DebtParticulars;
  readonly recordedBy: string;
  readonly recordedAt: Date;
  readonly rowVersion: bigint;
};

/** What is written of a debt, or null while nobody has described it. */
export async function findDebt(ctx: Ctx, accountId: string): Promise<DebtRow | null> {
  const { rows } = await sql<DebtRow>`
    select id, product, charged_off_on as "chargedOffOn", servicing_group as "servicingGroup", principal_minor as "principalMinor",
      last_day_to_sue as "lastDayToSue", limitation, particulars, recorded_by as "recordedBy", recorded_at as "recordedAt", row_version as "rowVersion"
    from compliance.debts where tenant_id = ${ctx.tenant} and id = ${accountId}`.execute(ctx.db);
  const [row] = rows;
  return row === undefined ? null : { ...row, particulars: particularsSchema.parse(row.particulars) };
}

export type DebtRefusal = 'account_not_found' | 'changed_meanwhile' | 'in_the_future' | 'invalid' | 'unknown_regime';

/**
 * Says what an account is in the eyes of the law, the last day to sue reckoned from the packs and kept with its reckoning.
 * `rowVersion`: the version described from, 0 where nobody had described it. Refuses: `account_not_found`, `changed_meanwhile`,
 * `in_the_future` for a charge-off to come, `unknown_regime`, `invalid`.
 */
export async function describeDebt(
  ctx: Ctx,
  input: { readonly accountId: string; readonly rowVersion: bigint; readonly description: DebtDescription },
): Promise<Result<DebtRow, DebtRefusal>> {
  const { accountId, rowVersion, description } = input;
  const { rows } = await sql<{ time_zone: TimeZone }>`
    select c.time_zone from accounts.accounts_v a
    join accounts.clients_v c on c.tenant_id = ${ctx.tenant} and c.id = a.client_id
    where a.tenant_id = ${ctx.tenant} and a.id = ${accountId}`.execute(ctx.db);
  const [account] = rows;
  if (account === undefined) return refuse('account_not_found', 'There is no such account.');
  const today = localDateOf(ctx.at, account.time_zone);
  if (description.chargedOffOn !== null && description.chargedOffOn > today)
    return refuse('in_the_future', 'A debt cannot have been charged off in the future.', {
      chargedOffOn: 'This day has not come yet.',
    });
  const reckoned =
    description.limitation === null
      ? ok<Reckoning | null>(null)
      : reckonLimitation(description.limitation, await loadRuleBook(ctx), today);
  if (!reckoned.ok) return reckoned;
  if (!(await writeDebt(ctx, accountId, rowVersion, description, reckoned.value)))
    return refuse('changed_meanwhile', 'Somebody described this debt meanwhile; look again.');
  await recordAudit(ctx, {
    action: 'debt.described',
    subjectKind: 'account',
    subjectId: accountId,
    accountId: idOf('account', accountId),
    detail: {
      product: description.product,
      chargedOffOn: description.chargedOffOn,
    },
    personal: { personId: accountId, values: { limitation: reckoned.value?.reckoning ?? null } },
  });
  const written = await findDebt(ctx, accountId);
  if (written === null) throw new Error(`Debt ${accountId} was written and is not there`);
  return ok(written);
}

async function writeDebt(
  ctx: Ctx,
  accountId: string,
  rowVersion: bigint,
  description: DebtDescription,
  reckoned: Reckoning | null,
): Promise<boolean> {
  const { product, chargedOffOn, servicingGroup, principalMinor } = description;
  const limitation = reckoned === null ? null : JSON.stringify(reckoned.reckoning);
  const lastDay = reckoned?.lastDay ?? null;
  const { rows } =
    rowVersion === 0n
      ? await sql`insert into compliance.debts (tenant_id, id, product, charged_off_on, servicing_group, principal_minor, last_day_to_sue, limitation,
            recorded_by, recorded_at)
          values (${ctx.tenant}, ${accountId}, ${product}, ${chargedOffOn}, ${servicingGroup}, ${principalMinor}, ${lastDay},
            ${limitation}::jsonb, ${ctx.actor.name}, ${ctx.at})
          on conflict (tenant_id, id) do nothing returning id`.execute(ctx.db)
      : await sql`update compliance.debts set product = ${product}, charged_off_on = ${chargedOffOn}, servicing_group = ${servicingGroup},
            principal_minor = ${principalMinor}, last_day_to_sue = ${lastDay}, limitation = ${limitation}::jsonb, source = 'staff', recorded_by = ${ctx.actor.name},
            recorded_at = ${ctx.at}, row_version = row_version + 1
          where tenant_id = ${ctx.tenant} and id = ${accountId} and row_version = ${rowVersion} returning id`.execute(
          ctx.db,
        );
  return rows.length === 1;
}
