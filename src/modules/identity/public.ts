export { actIn, type Installation, listTenantIds, listTenants, loadTenant } from './act-in.ts';
export { answerOnce } from './answer-once.ts';
export type { ApiKey } from './api-key.ts';
export { digestOfSet } from './audit-entry.ts';
export { type AuthOptions, createAuth, type SignedIn, type StaffAuth } from './auth.ts';
export type { SessionRow } from './auth.sql.ts';
export { createTenant, type NewTenant } from './create-tenant.ts';
export { type AuditEntry, type AuditPage, listAudit, listAuditAbout } from './list-audit.ts';
export type { AuditFilters } from './list-audit.sql.ts';
export { authenticateApiKey, createApiKey, listApiKeys, revokeApiKey } from './manage-api-keys.ts';
export {
  addMember,
  changeMember,
  disableMember,
  enableMember,
  listMembers,
  membershipsOf,
  type NewMember,
  savePreferences,
} from './manage-members.ts';
export { type Member, type Membership, memberActor, type RowScope } from './member.ts';
export { keyedHasher } from './keyed-hash.ts';
export { moveClock } from './move-clock.ts';
export {
  isPermission,
  isRole,
  lacking,
  type Permission,
  permissions,
  permissionsOf,
  type Role,
  roles,
  systemActor,
} from './permissions.ts';
export { erasedLine, type ProvenEntry, rootOf, sealOf } from './audit-proof.ts';
export { type AuditProof, type ProofAsked, proveAudit } from './prove-audit.ts';
export { type AuditInput, erasePerson, recordAudit } from './record-audit.ts';
export { sealAudit } from './seal-audit.ts';
export { type Tenant, tenantClock } from './tenant.ts';
export {
  type AuditFinding,
  type AuditVerdict,
  type ChainProof,
  exportChainProof,
  verifyAuditChain,
} from './verify-audit.ts';
