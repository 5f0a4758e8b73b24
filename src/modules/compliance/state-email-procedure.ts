import { sql } from 'kysely';
import { addDays, type CalendarDate, instantAt, localDateOf, type TimeZone, timeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { findClient } from '../accounts/public.ts';
import { addressAsLaw } from './address-as-law.ts';
import { recordLegalEvents } from './record-legal-event.ts';

/** What a person states of the notice a creditor gave before it handed e-mail addresses over (12 CFR 1006.6(d)(4)(ii)). */
export type EmailProcedure = {
  readonly clientId: Id<'client'>;
  /** When the creditor sent its notice. */
  readonly sentOn: CalendarDate;
  /** The last day on which a person could say no; at least 35 days after the notice. */
  readonly optOutBy: CalendarDate;
  /** How it can be proved: the creditor's statement, the text of the notice, the list of those who said no. */
  readonly evidence: string;
};

export type StatedProcedure = {
  /** Addresses the procedure now opens once the day has passed. */
  readonly stated: number;
  /** Addresses at a domain that is not open to the public: the procedure does not cover them. */
  readonly notPublic: number;
};

const optOutDays = 35;
type AddressRow = {
  party_id: string;
  value_key: string;
  kind: string;
  label: string | null;
  quality: string;
  ended_at: Date | null;
};

/**
 * Writes the creditor's notice down for every usable e-mail address of a client's consumers that has none yet. It opens an address only at a
 * domain anybody can use, which the employer does not provide: others are counted and left alone. Refuses: `client_not_found`,
 * `needs_evidence`, `in_the_future` for a notice to come, `too_short` when fewer than 35 days were left to say no.
 */
export async function stateEmailProcedure(
  ctx: Ctx,
  input: EmailProcedure,
): Promise<Result<StatedProcedure, 'client_not_found' | 'needs_evidence' | 'in_the_future' | 'too_short'>> {
  const client = await findClient(ctx, input.clientId);
  if (!client) return refuse('client_not_found', 'There is no such client.');
  const zone: TimeZone = timeZone(client.timeZone);
  if (input.evidence.trim() === '')
    return refuse('needs_evidence', 'Say how the creditor’s notice can be proved.', {
      evidence: 'Evidence is needed.',
    });
  if (input.sentOn > localDateOf(ctx.at, zone))
    return refuse('in_the_future', 'The creditor must have sent its notice before you can rely on it.', {
      sentOn: 'This day has not come yet.',
    });
  const earliest = addDays(input.sentOn, optOutDays);
  if (input.optOutBy < earliest)
    return refuse('too_short', `A notice of ${input.sentOn} must leave until ${earliest} to say no.`, {
      optOutBy: `Not before ${earliest}.`,
    });
  const rows = await addressesWithoutNotice(ctx, input.clientId);
  const open = rows.filter((row) => addressAsLaw(row).employerProvided === false);
  const effectiveAt = instantAt(input.sentOn, '00:00', zone);
  const stated = await recordLegalEvents(
    ctx,
    open.map((row) => ({
      type: 'creditor_email_notice',
      partyId: row.party_id,
      accountIds: null,
      addressKey: row.value_key,
      detail: {
        optOutBy: input.optOutBy,
        domainPublic: true,
        creditorUsedAddress: true,
        employerProvided: false,
        complete: true,
      },
      sourceKind: 'staff' as const,
      sourceId: input.clientId,
      note: input.evidence.trim(),
      effectiveAt: effectiveAt < ctx.at ? effectiveAt : ctx.at,
    })),
  );
  return ok({ stated, notPublic: rows.length - open.length });
}

/** Usable e-mail addresses of people who owe a client as consumers, about which no such notice is written down. */
async function addressesWithoutNotice(ctx: Ctx, clientId: string): Promise<AddressRow[]> {
  const { rows } = await sql<AddressRow>`
    select distinct c.party_id, c.value_key, c.kind, c.label, c.quality, c.ended_at
    from accounts.accounts_v a
    join parties.contact_points_v c on c.tenant_id = ${ctx.tenant} and c.party_id = a.party_id and c.kind = 'email' and c.ended_at is null
      and c.quality in ('verified', 'unverified')
    where a.tenant_id = ${ctx.tenant} and a.client_id = ${clientId} and a.debt_kind = 'consumer'
      and not exists (
        select 1 from compliance.legal_events e where e.tenant_id = ${ctx.tenant} and e.type = 'creditor_email_notice' and e.party_id = c.party_id
          and e.address_key = c.value_key)
    order by c.party_id, c.value_key`.execute(ctx.db);
  return rows;
}
