import { canonicalJson, newKey, seal, unseal } from '../../kernel/crypto.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { digestOfSet } from './audit-entry.ts';
import { insertAuditEntry } from './audit.sql.ts';
import { insertPersonKey, selectPersonKey, updateErased } from './person-keys.sql.ts';
import { tenantKeyBinding } from './tenant.ts';
import { selectDataKey } from './tenants.sql.ts';

export type AuditInput = {
  /** `noun.past_participle`: `receipt.recorded`, `hold.released`. */
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly accountId?: Id<'account'>;
  /** Never personal values: those go into `personal`, else erasure would break the chain. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Values sealed under the person's own key; dropped when the person has been erased. */
  readonly personal?: { readonly personId: string; readonly values: Readonly<Record<string, unknown>> };
  /** Bulk work: one entry for the whole set, given its ids, or count and digest when SQL computed them. */
  readonly set?: Iterable<string> | { readonly count: bigint; readonly digest: Buffer };
};

/** Writes one entry in the caller's transaction: what is not committed was not audited, and the other way round. */
export async function recordAudit(ctx: Ctx, input: AuditInput): Promise<Id<'audit_entry'>> {
  const id = newId<'audit_entry'>();
  const personal = input.personal
    ? await sealPersonal(ctx, id, input.personal.personId, canonicalJson(input.personal.values))
    : null;
  await insertAuditEntry(ctx.db, {
    tenantId: ctx.tenant,
    id,
    recordedAt: ctx.at,
    actor: ctx.actor,
    action: input.action,
    subjectKind: input.subjectKind,
    subjectId: input.subjectId,
    accountId: input.accountId ?? null,
    detail: canonicalJson(input.detail ?? {}),
    personId: input.personal?.personId ?? null,
    personal,
    ...digested(input.set),
  });
  return id;
}

function digested(set: AuditInput['set']): { setCount: bigint | null; setDigest: Buffer | null } {
  if (!set) return { setCount: null, setDigest: null };
  if ('digest' in set) return { setCount: set.count, setDigest: set.digest };
  const ids = [...set];
  return { setCount: BigInt(ids.length), setDigest: digestOfSet(ids) };
}

const personalBinding = (ctx: Ctx, entryId: string) => `${ctx.tenant}|identity.audit_entries|personal|${entryId}`;
const personBinding = (ctx: Ctx, personId: string) => `${ctx.tenant}|identity.person_keys|wrapped_key|${personId}`;

async function tenantKey(ctx: Ctx): Promise<Buffer> {
  return ctx.vault.unseal(await selectDataKey(ctx.db, ctx.tenant), tenantKeyBinding(ctx.tenant));
}

async function sealPersonal(ctx: Ctx, entryId: string, personId: string, text: string): Promise<Buffer | null> {
  const wrapping = await tenantKey(ctx);
  let stored = await selectPersonKey(ctx.db, ctx.tenant, personId);
  if (!stored) {
    await insertPersonKey(ctx.db, ctx.tenant, personId, seal(wrapping, newKey(), personBinding(ctx, personId)));
    // Read again: another transaction may have been first.
    stored = await selectPersonKey(ctx.db, ctx.tenant, personId);
  }
  if (!stored?.wrappedKey) return null;
  const key = unseal(wrapping, stored.wrappedKey, personBinding(ctx, personId));
  if (!key) throw new Error(`The key of person ${personId} does not open`);
  return seal(key, text, personalBinding(ctx, entryId));
}

/** The personal values of entries, where their person has not been erased; by entry id. */
export async function readPersonal(
  ctx: Ctx,
  entries: readonly { readonly id: string; readonly personId: string | null; readonly personal: Buffer | null }[],
): Promise<Map<string, Record<string, unknown>>> {
  const opened = new Map<string, Record<string, unknown>>();
  const sealed = entries.filter((entry) => entry.personal !== null);
  if (sealed.length === 0) return opened;
  const wrapping = await tenantKey(ctx);
  const keys = new Map<string, Buffer | null>();
  for (const { id, personId, personal } of sealed) {
    if (personId === null || personal === null) continue;
    if (!keys.has(personId)) {
      const stored = await selectPersonKey(ctx.db, ctx.tenant, personId);
      keys.set(personId, stored?.wrappedKey ? unseal(wrapping, stored.wrappedKey, personBinding(ctx, personId)) : null);
    }
    const key = keys.get(personId);
    const text = key ? unseal(key, personal, personalBinding(ctx, id)) : null;
    if (text) opened.set(id, JSON.parse(text.toString('utf8')) as Record<string, unknown>);
  }
  return opened;
}

/**
 * Destroys the person's key: personal values in the audit can never be read again, and the chain stays whole. Writes its
 * own entry. Repeating it changes nothing.
 */
export async function erasePerson(ctx: Ctx, personId: string): Promise<void> {
  if (!(await updateErased(ctx.db, ctx.tenant, personId, ctx.at))) return;
  await recordAudit(ctx, { action: 'person.erased', subjectKind: 'person', subjectId: personId });
}
