import type { CalendarDate } from '../../kernel/calendar.ts';
import type { Id } from '../../kernel/ids.ts';

/** What one party can be to another. A closed list: rules read it. */
export const linkRoles = [
  'guarantor',
  'co_signer',
  'spouse',
  'parent_of_minor',
  'guardian',
  'executor',
  'attorney',
  'parent_company',
  'contact_person',
  'other',
] as const;
export type LinkRole = (typeof linkRoles)[number];

/** Whoever stands between us and the party: what was planned for the party before this was known is void. */
export const representatives: ReadonlySet<LinkRole> = new Set(['attorney', 'executor', 'guardian', 'parent_of_minor']);

/** `otherPartyId` is `role` of `partyId`, from one day until, and without, another. */
export type Link = {
  readonly id: Id<'party_link'>;
  readonly partyId: Id<'party'>;
  readonly otherPartyId: Id<'party'>;
  readonly role: LinkRole;
  readonly effectiveFrom: CalendarDate;
  readonly effectiveTo: CalendarDate | null;
  readonly note: string | null;
  readonly rowVersion: bigint;
};

export type NewLink = Pick<Link, 'partyId' | 'otherPartyId' | 'role' | 'effectiveFrom'> & {
  readonly effectiveTo?: CalendarDate | null;
  readonly note?: string | null;
};
