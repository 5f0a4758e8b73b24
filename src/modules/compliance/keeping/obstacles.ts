import { type CalendarDate, localDateOf, timeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Currency, formatMoney, money } from '../../../kernel/money.ts';
import { loadTenant } from '../../identity/public.ts';
import { jurisdictionsOf } from '../jurisdictions.ts';
import { shippedPacks } from '../rule-book.ts';
import { type KeptAccount, type Person, selectKeptAccounts } from './kept.sql.ts';
import { legalHoldsOn } from './legal-holds.ts';
import { type Retention, retentionDuties, retentionOf } from './retention-of.ts';

/** Why a person's records cannot be erased now. */
export type Obstacle = {
  readonly code: 'money_owed' | 'retention_duty' | 'legal_hold';
  readonly sentence: string;
  readonly until: CalendarDate | null;
};

const duties = retentionDuties(shippedPacks);

export async function todayOf(ctx: Ctx): Promise<CalendarDate> {
  return localDateOf(ctx.at, timeZone((await loadTenant(ctx)).timeZone));
}

export function retentionOfAccount(account: KeptAccount, on: CalendarDate): Retention {
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
  const on = await todayOf(ctx);
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

export function owedOn(account: KeptAccount): Obstacle[] {
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
