import { type CalendarDate, daysBetween } from '../../kernel/calendar.ts';
import { canonicalJson, sha256Hex } from '../../kernel/crypto.ts';
import type { Currency } from '../../kernel/money.ts';
import type { ContentContext } from '../compliance/public.ts';

export type NoticeLevel = 0 | 1 | 2 | 3 | 4 | 5;

/** Something open that a notice lists; negative for a credit note. */
export type NoticeItem = {
  readonly itemId: string;
  readonly accountId: string;
  readonly number: string | null;
  readonly issuedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly openMinor: bigint;
  readonly currency: Currency;
  readonly level: number | null;
};

/** In whose name a notice speaks, and how to answer. */
export type NoticeClient = {
  readonly id: string;
  readonly name: string;
  readonly contactEmail: string | null;
  readonly contactPhone: string | null;
  readonly postalAddress: string | null;
  readonly paymentInstructions: string | null;
};

/** What the rules about wording ask of a notice before they read it. */
export type NoticeSetting = Pick<ContentContext, 'collectorType' | 'debtKind' | 'jurisdictions'> & {
  readonly stage: 'initial' | 'subsequent';
};

/** Everything a notice says, before it is put into words. Two notices with the same digest say the same. */
export type Notice = {
  readonly client: NoticeClient;
  readonly party: { readonly id: string; readonly name: string; readonly language: string | null };
  readonly accounts: readonly {
    readonly id: string;
    readonly number: string;
    readonly currency: Currency;
    readonly unappliedMinor: bigint;
  }[];
  readonly items: readonly NoticeItem[];
  readonly level: NoticeLevel;
  /** The person's day. */
  readonly today: CalendarDate;
  /** A person's own words, in a notice somebody sends by hand. */
  readonly comment: string | null;
  readonly setting: NoticeSetting;
};

/** Digest of what is owed and to whom: compared again under the lock, just before a permit is asked. */
export function noticeDigest(notice: Notice): string {
  return sha256Hex(canonicalJson(notice));
}

/** One currency of a notice: sums are never made across currencies. */
export type NoticeSection = {
  readonly currency: Currency;
  readonly items: readonly NoticeItem[];
  readonly unappliedMinor: bigint;
  readonly overdueMinor: bigint;
  readonly totalMinor: bigint;
  readonly oldestOverdueDays: number;
};

/** Items by currency, oldest due first; currencies in which nothing is open are left out. */
export function sectionsOf(notice: Notice): NoticeSection[] {
  const byCurrency = Map.groupBy(notice.items, (item) => item.currency);
  return [...byCurrency.keys()].sort().map((currency) => {
    const items = [...(byCurrency.get(currency) ?? [])].sort(
      (a, b) =>
        a.dueOn.localeCompare(b.dueOn) ||
        (a.number ?? '').localeCompare(b.number ?? '') ||
        a.itemId.localeCompare(b.itemId),
    );
    const unappliedMinor = sum(
      notice.accounts.filter((account) => account.currency === currency).map((account) => account.unappliedMinor),
    );
    const overdue = items.filter((item) => item.openMinor > 0n && item.dueOn < notice.today);
    const oldest = overdue[0];
    return {
      currency,
      items,
      unappliedMinor,
      overdueMinor: sum(overdue.map((item) => item.openMinor)),
      totalMinor: sum(items.map((item) => item.openMinor)) - unappliedMinor,
      oldestOverdueDays: oldest === undefined ? 0 : daysBetween(oldest.dueOn, notice.today),
    };
  });
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

/** The wording a notice sent by hand starts from: the furthest level any item has reached, or what its age suggests. */
export function suggestedLevel(items: readonly NoticeItem[], today: CalendarDate): NoticeLevel {
  const reached = Math.max(-1, ...items.map((item) => item.level ?? -1));
  if (reached >= 0) return Math.min(5, reached) as NoticeLevel;
  return items.some((item) => item.openMinor > 0n && item.dueOn < today) ? 1 : 0;
}
