import type { Ctx } from '../../kernel/ctx.ts';
import type { Id } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { addContactPoint } from './add-contact-point.ts';
import { createParty } from './create-party.ts';
import type { NewParty } from './party.ts';

let serial = 0;

/** A business in New York with one e-mail address, unless told otherwise (`email: null`: none). */
export async function aParty(
  ctx: Ctx,
  options: Partial<NewParty> & { readonly email?: string | null; readonly phone?: string | null } = {},
): Promise<{
  partyId: Id<'party'>;
  clusterId: Id<'cluster'>;
  email: string | null;
  emailId: Id<'contact_point'> | null;
}> {
  serial += 1;
  const { email = `payables${serial}@debtor.example`, phone = null, ...party } = options;
  const { partyId, clusterId } = unwrap(
    await createParty(ctx, {
      kind: 'business',
      name: `Debtor ${serial} Ltd`,
      country: 'US',
      region: 'NY',
      timeZone: 'America/New_York',
      language: 'en',
      source: 'test',
      ...party,
    }),
  );
  const added =
    email === null
      ? null
      : unwrap(await addContactPoint(ctx, { partyId, kind: 'email', value: email, source: 'test' }));
  if (phone !== null) unwrap(await addContactPoint(ctx, { partyId, kind: 'phone', value: phone, source: 'test' }));
  return { partyId, clusterId, email, emailId: added?.contactPointId ?? null };
}
