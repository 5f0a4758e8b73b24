import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { parseTimeZone } from '../../kernel/calendar.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import { findClient } from '../accounts/public.ts';
import { recordAudit } from '../identity/public.ts';
import { fillPlaces } from '../parties/public.ts';
import { partly } from './consumer-blockers.sql.ts';
import { readCountry } from './country.ts';
import { type BlockedCount, type Blocker, partiesOfClient, selectReadiness } from './readiness.sql.ts';

/** One thing that stands in the way of contact: how many accounts, and what a person can do for all of them at once. */
export type Blocked = BlockedCount & {
  readonly sentence: string;
  readonly cure: string;
  /** Closes a way to the person, not all. */
  readonly partly: boolean;
};

const words: Readonly<Record<Blocker, { readonly one: string; readonly many: string; readonly cure: string }>> = {
  no_email: {
    one: 'has no e-mail address',
    many: 'have no e-mail address',
    cure: 'Import a contacts file with customer number or name and e-mail.',
  },
  bad_email: {
    one: 'has only addresses that bounced or are wrong',
    many: 'have only addresses that bounced or are wrong',
    cure: 'Import a contacts file with new addresses.',
  },
  no_time_zone: {
    one: 'has neither country nor time zone',
    many: 'have neither country nor time zone',
    cure: 'Set country and time zone for all of them here, or import them with a contacts file.',
  },
  opted_out: {
    one: 'has asked for no e-mail',
    many: 'have asked for no e-mail',
    cure: 'Nothing to mend: call or write a letter where the law allows it.',
  },
  held: { one: 'is on hold', many: 'are on hold', cure: 'Look at the holds; release those whose reason is over.' },
  sensitive: {
    one: 'is marked sensitive',
    many: 'are marked sensitive',
    cure: 'A person decides about these; nothing is sent by itself.',
  },
  stale_feed: {
    one: 'waits for newer data of its client',
    many: 'wait for newer data of their client',
    cure: 'Import the newest file of open items.',
  },
  no_last_day_to_sue: {
    one: 'is a consumer debt whose last day to sue nobody knows',
    many: 'are consumer debts whose last day to sue nobody knows',
    cure: 'Import a file that says contract kind, governing state and default, or describe the debt on its Legal tab.',
  },
  no_email_procedure: {
    one: 'may not be written to by e-mail: no procedure of 12 CFR 1006.6(d)(4) is met',
    many: 'may not be written to by e-mail: no procedure of 12 CFR 1006.6(d)(4) is met',
    cure: 'State here which notice the creditor gave before it handed the addresses over; or ask for consent by telephone or letter.',
  },
  no_notice: {
    one: 'has not been given a validation notice',
    many: 'have not been given a validation notice',
    cure: 'Prepare them here for all whose file gives the itemization; each is due five days after the first contact.',
  },
  not_signed: {
    one: 'rests on what the kind of client says you are in law: nobody has signed it',
    many: 'rest on what the kind of client says you are in law: nobody has signed it',
    cure: 'One person signs the classification of the client, another approves it.',
  },
  no_consent: {
    one: 'has given you no consent',
    many: 'have given you no consent',
    cure: 'Notices go by letter, and nothing by autodialer or text: ask when you speak with them, or import the consents.',
  },
};

/** How many accounts with an open balance cannot be contacted, by reason; `clientIds` null means every client. */
export async function readiness(
  ctx: Ctx,
  clientIds: readonly Id<'client'>[] | null,
): Promise<{ accounts: number; ready: number; blocked: Blocked[] }> {
  const found = await selectReadiness(ctx, clientIds);
  const blocked = found.blocked.map((row) => {
    const { one, many, cure } = words[row.reason];
    return {
      ...row,
      sentence: row.count === 1 ? `1 account ${one}.` : `${row.count.toLocaleString('en')} accounts ${many}.`,
      cure,
      partly: partly.includes(row.reason),
    };
  });
  return { ...found, blocked };
}

/**
 * Sets country and time zone for all of a client's parties that lack them; what is known stays. Refuses: `client_not_found`,
 * `unknown_country`, `unknown_zone`.
 */
export async function curePlaces(
  ctx: Ctx,
  input: { readonly clientId: Id<'client'>; readonly country: string; readonly timeZone: string },
): Promise<Result<{ changed: number }, 'client_not_found' | 'unknown_country' | 'unknown_zone'>> {
  if (!(await findClient(ctx, input.clientId))) return refuse('client_not_found', 'There is no such client.');
  const country = readCountry(input.country);
  if (!country.ok) return country;
  const zone = parseTimeZone(input.timeZone);
  if (!zone.ok) return zone;
  const changed = await fillPlaces(ctx, partiesOfClient(ctx, input.clientId), {
    country: country.value,
    timeZone: zone.value,
  });
  if (changed > 0) {
    await recordAudit(ctx, {
      action: 'parties.placed',
      subjectKind: 'client',
      subjectId: input.clientId,
      detail: { country: country.value, timeZone: zone.value, changed },
    });
  }
  return ok({ changed });
}
