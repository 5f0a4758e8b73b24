export { tenantKeyBinding } from './tenant.ts';
