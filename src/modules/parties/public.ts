export { addContactPoint, endContactPoint, type NewContactPoint, setContactQuality } from './add-contact-point.ts';
export { loadRoots, lockClusters, lockRootsOf } from './cluster.sql.ts';
export {
  type ContactKind,
  type ContactQuality,
  type ContactValue,
  normaliseContact,
  normaliseEmail,
  normalisePhone,
  normalisePostal,
} from './contact-point.ts';
export { createParty, updateParty } from './create-party.ts';
export { fillPlaces } from './fill-places.sql.ts';
export { birthClusterId, importedPartyId, type NewParty, type PartyKind } from './party.ts';
export { indexTokens } from './search-token.sql.ts';
export { takeInContactPoints, takeInParties } from './take-in-parties.ts';
export { mergeClusters, undoMerge } from './merge-clusters.ts';
export { type PartyHit, searchParties } from './search-parties.sql.ts';
export {
  addRepresentative,
  type NewRepresentative,
  type RepresentativeRole,
  representativeRoles,
} from './link-parties.ts';
