import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type KeptAccount, selectKeptAccounts, selectSettledRoots } from './kept.sql.ts';
import { legalHoldsOn } from './legal-holds.ts';
import { owedOn, retentionOfAccount, todayOf } from './obstacles.ts';
import type { Retention } from './retention-of.ts';

/** A person nobody asks anything of any more, and what still keeps their records. */
export type KeptPerson = {
  readonly partyId: string;
  readonly name: string;
  readonly accountNumbers: readonly string[];
  /** The last day any duty holds the records; null: none does. */
  readonly keptThrough: CalendarDate | null;
  /** The duty that holds them longest. */
  readonly duty: Retention['duties'][number] | null;
  readonly legalHolds: number;
  /** Nothing keeps them: they may be forgotten. */
  readonly due: boolean;
};

/**
 * Persons who neither owe nor are owed anything, with the duty that keeps each longest; only those nothing keeps when `dueOnly`. Looks at
 * the next `limit` of them after the one named and says from where to go on; null when it has seen all.
 */
export async function listKeptPersons(
  ctx: Ctx,
  asked: { readonly after: string | null; readonly limit: number; readonly dueOnly: boolean },
): Promise<{ readonly rows: KeptPerson[]; readonly next: string | null }> {
  const on = await todayOf(ctx);
  const people = await selectSettledRoots(ctx, asked.after, asked.limit);
  const roots = people.map((one) => one.root_id);
  const accounts = Map.groupBy(await selectKeptAccounts(ctx, roots), (account) => account.root_id);
  const rows: KeptPerson[] = [];
  for (const { root_id: root, party_id: partyId, name } of people) {
    const own = accounts.get(root) ?? [];
    if (own.some((account) => owedOn(account).length > 0)) continue;
    const duty = longestDuty(own, on);
    const ids = own.map((account) => account.id);
    const legalHolds = (await legalHoldsOn(ctx, [root], ids)).length;
    const due = legalHolds === 0 && (duty === null || duty.through < on);
    if (due || !asked.dueOnly)
      rows.push({
        partyId,
        name,
        accountNumbers: own.map((account) => account.number),
        keptThrough: duty?.through ?? null,
        duty,
        legalHolds,
        due,
      });
  }
  return { rows, next: people.length < asked.limit ? null : (people.at(-1)?.root_id ?? null) };
}

function longestDuty(accounts: readonly KeptAccount[], on: CalendarDate): Retention['duties'][number] | null {
  const [longest] = accounts
    .flatMap((account) => retentionOfAccount(account, on).duties)
    .toSorted((a, b) => (a.through < b.through ? 1 : a.through > b.through ? -1 : 0));
  return longest ?? null;
}
