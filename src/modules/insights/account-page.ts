import { type CalendarDate, localTimeOf, parseTimeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import {
  type ContactPointRow,
  findAccountDetail,
  type HoldRow,
  listContactPoints,
  listHolds,
  listOtherAccounts,
  listPromises,
  type PromiseRow,
} from './account-page.sql.ts';
import { todayOf } from './ageing.ts';
import { caseOfAccount, type CasePage } from './case-page.ts';
import { accountsById } from './list-accounts.sql.ts';
import { type AccountRow, type Reference, toAccountRow } from './list-accounts.ts';
import type { RowScope } from './row-scope.ts';

/** Everything the account page shows first, but the next step: the strategy room explains that. */
export type AccountPage = AccountRow & {
  readonly debtKind: string;
  readonly balanceSource: string;
  readonly openedOn: CalendarDate;
  readonly sensitive: boolean;
  readonly rowVersion: bigint;
  readonly partyDetail: {
    readonly id: string;
    readonly kind: string;
    readonly name: string;
    readonly externalRef: string | null;
    readonly country: string | null;
    readonly timeZone: string | null;
    /** HH:MM at the party now. */
    readonly localTime: string | null;
    readonly language: string | null;
    readonly taxNumber: string | null;
  };
  readonly contactPoints: readonly ContactPointRow[];
  readonly holds: readonly HoldRow[];
  readonly promises: readonly PromiseRow[];
  readonly creditMinor: bigint;
  readonly unappliedMinor: bigint;
  readonly behaviour: {
    readonly settledItems: number;
    readonly averageDaysLate: number | null;
    readonly promisesKept: number;
    readonly promisesBroken: number;
    readonly paidMinor: bigint;
  };
  readonly otherAccounts: readonly {
    readonly id: string;
    readonly number: string;
    readonly client: Reference;
    readonly currency: string;
    readonly balanceMinor: bigint;
  }[];
  /** The open case it is worked in, with its other accounts. */
  readonly case: CasePage | null;
};

const shown = 50;

/** One account of the reader's scope. Refuses: `not_found`, also for an account of a client the reader may not see. */
export async function accountPage(
  ctx: Ctx,
  accountId: string,
  scope: RowScope,
): Promise<Result<AccountPage, 'not_found'>> {
  const on = await todayOf(ctx);
  const [record] = await accountsById(ctx, [accountId], scope, on);
  const detail = record ? await findAccountDetail(ctx, accountId) : null;
  if (!record || !detail) return refuse('not_found', 'There is no such account.');
  const root = detail.root_cluster_id;
  const others = await listOtherAccounts(ctx, accountId, root, shown);
  return ok({
    ...toAccountRow(record, on),
    debtKind: detail.debt_kind,
    balanceSource: detail.balance_source,
    openedOn: detail.opened_on,
    sensitive: detail.sensitive,
    rowVersion: detail.row_version,
    partyDetail: {
      id: detail.party_id,
      kind: detail.party_kind,
      name: detail.party_name,
      externalRef: detail.external_ref,
      country: detail.country,
      timeZone: detail.time_zone,
      localTime: localTimeAt(ctx.at, detail.time_zone),
      language: detail.language,
      taxNumber: detail.tax_number,
    },
    contactPoints: await listContactPoints(ctx, detail.party_id, root),
    holds: await listHolds(ctx, accountId, root, shown),
    promises: await listPromises(ctx, { accountId, limit: shown }),
    creditMinor: detail.credit_minor,
    unappliedMinor: detail.unapplied_minor,
    behaviour: {
      settledItems: detail.settled_items,
      averageDaysLate:
        detail.settled_items === 0 ? null : Math.round((detail.settled_days_late / detail.settled_items) * 10) / 10,
      promisesKept: detail.promises_kept,
      promisesBroken: detail.promises_broken,
      paidMinor: detail.paid_minor,
    },
    otherAccounts: others
      .filter((other) => !scope.clientIds || scope.clientIds.includes(other.clientId))
      .map(({ clientId, clientName, ...other }) => ({ ...other, client: { id: clientId, name: clientName } })),
    case: await caseOfAccount(ctx, accountId, scope),
  });
}

function localTimeAt(at: Date, zone: string | null): string | null {
  const read = zone === null ? null : parseTimeZone(zone);
  return read?.ok ? localTimeOf(at, read.value) : null;
}
