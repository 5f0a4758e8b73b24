import { createHash, timingSafeEqual } from 'node:crypto';
import type { Actor, Ctx } from '../../kernel/ctx.ts';
import { inTenant } from '../../kernel/db.ts';
import { type Id, newId, type TenantId } from '../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../kernel/result.ts';
import type { Installation } from './act-in.ts';
import { type ApiKey, mintKey, readKey } from './api-key.ts';
import { findApiKeyByPrefix, insertApiKey, selectApiKeys, updateLastUsed, updateRevoked } from './api-keys.sql.ts';
import { isPermission, lacking } from './permissions.ts';
import { recordAudit } from './record-audit.ts';

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/**
 * Creates a key and returns its text, which is shown this once. Scopes are permissions the creator has itself.
 * Refuses: `forbidden`, `invalid_key` (no name, unknown scope, expiry in the past).
 */
export async function createApiKey(
  ctx: Ctx,
  input: { readonly name: string; readonly scopes: readonly string[]; readonly expiresAt?: Date },
): Promise<Result<{ key: ApiKey; text: string }, 'forbidden' | 'invalid_key'>> {
  const refused = lacking(ctx.actor, 'keys.manage');
  if (refused) return refused;
  const name = input.name.trim();
  const scopes = [...new Set(input.scopes)].sort();
  const unknown = scopes.filter((scope) => !isPermission(scope));
  if (name.length < 1 || name.length > 100) return refuse('invalid_key', 'A name of 1 to 100 characters is needed.');
  if (scopes.length === 0) return refuse('invalid_key', 'A key needs at least one scope.');
  if (unknown.length > 0) return refuse('invalid_key', `There is no scope called ${unknown.join(', ')}.`);
  if (input.expiresAt && input.expiresAt <= ctx.at) return refuse('invalid_key', 'The expiry lies in the past.');
  const beyond = scopes.filter((scope) => !ctx.actor.permissions.has(scope));
  if (beyond.length > 0) {
    return refuse('forbidden', `A key cannot do more than its creator: ${beyond.join(', ')} is not yours to give.`);
  }
  const minted = mintKey(ctx.tenant);
  const key: ApiKey = {
    id: newId<'api_key'>(),
    name,
    prefix: minted.prefix,
    scopes: scopes.filter(isPermission),
    createdBy: ctx.actor.id,
    expiresAt: input.expiresAt ?? null,
    revokedAt: null,
    lastUsedOn: null,
    createdAt: ctx.at,
  };
  await insertApiKey(ctx.db, ctx.tenant, key, digest(minted.secret));
  await recordAudit(ctx, {
    action: 'key.created',
    subjectKind: 'api_key',
    subjectId: key.id,
    detail: { name, prefix: key.prefix, scopes, expiresAt: key.expiresAt },
  });
  return ok({ key, text: minted.text });
}

/** Ends a key from the next request on. Refuses: `forbidden`, `no_such_key` (also when already revoked). */
export async function revokeApiKey(ctx: Ctx, id: Id<'api_key'>): Promise<Result<void, 'forbidden' | 'no_such_key'>> {
  const refused = lacking(ctx.actor, 'keys.manage');
  if (refused) return refused;
  const name = await updateRevoked(ctx.db, ctx.tenant, id, ctx.at);
  if (name === null) return refuse('no_such_key', 'There is no such key, or it is revoked already.');
  await recordAudit(ctx, { action: 'key.revoked', subjectKind: 'api_key', subjectId: id, detail: { name } });
  return ok();
}

/** Every key of the tenant, newest first, revoked ones included; never a secret. Refuses: `forbidden`. */
export async function listApiKeys(ctx: Ctx): Promise<Result<ApiKey[], 'forbidden'>> {
  return lacking(ctx.actor, 'keys.manage') ?? ok(await selectApiKeys(ctx.db, ctx.tenant));
}

/**
 * Who presents this key. Always the same refusal (`unauthenticated`), whether tenant, prefix, secret, revocation or expiry
 * is at fault, and the secret is compared in constant time. Expiry counts by the machine's clock, as a session's does.
 */
export async function authenticateApiKey(
  installation: Pick<Installation, 'database' | 'clock'>,
  presented: string,
): Promise<Result<{ tenantId: TenantId; actor: Actor }, 'unauthenticated'>> {
  const no = refuse(
    'unauthenticated',
    'This API key is not valid. Check that it is whole, not expired and not revoked.',
  );
  const read = readKey(presented);
  if (!read) return no;
  const now = installation.clock.now();
  const today = now.toISOString().slice(0, 10);
  return inTenant(installation.database, read.tenantId, async (db) => {
    const found = await findApiKeyByPrefix(db, read.tenantId, read.prefix);
    // An unknown prefix costs the same comparison.
    const same = timingSafeEqual(found?.secretSha256 ?? Buffer.alloc(32), digest(read.secret));
    if (!found || !same) return no;
    const { key } = found;
    if (key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt <= now)) return no;
    if (key.lastUsedOn !== today) await updateLastUsed(db, read.tenantId, key.id, today);
    const actor: Actor = { kind: 'key', id: key.id, name: key.name, permissions: new Set<string>(key.scopes) };
    return ok({ tenantId: read.tenantId, actor });
  });
}
