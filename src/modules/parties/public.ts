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
export { hasCorporateForm } from './corporate-form.ts';
export { createParty, updateParty } from './create-party.ts';
export { type FoundMatches, findMatches, matchesPerRun } from './find-matches.ts';
export { fillPlaces } from './fill-places.sql.ts';
export { birthClusterId, importedPartyId, type NewParty, type PartyKind } from './party.ts';
export { indexTokens } from './search-token.sql.ts';
export { takeInContactPoints, takeInParties } from './take-in-parties.ts';
export { type Link, type LinkRole, linkRoles, type NewLink, representatives } from './link.ts';
export { addLink, endLink, findLink } from './link-parties.ts';
export { decideMatch, findMatch, type Match, type MatchState, reopenMatchOf } from './match.ts';
export { type MatchScore, reviewFrom, type Signal, veryLikelyFrom } from './score-match.ts';
export { mergeClusters, undoMerge } from './merge-clusters.ts';
export { type PartyHit, searchParties } from './search-parties.sql.ts';
export {
  addRepresentative,
  type NewRepresentative,
  type RepresentativeRole,
  representativeRoles,
} from './add-representative.ts';
export { usStateCodes, usStateNames, usStateOf, usStateOfZip } from './us-states.ts';
