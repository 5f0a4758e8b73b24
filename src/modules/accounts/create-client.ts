import { parseCurrency } from '../../kernel/currency.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { parseTimeZone } from '../../kernel/time-zone.ts';
import { recordAudit } from '../identity/public.ts';
import type { NewClient } from './client.ts';
import { findClient, insertClient, listClients, updateClientRow } from './client.sql.ts';

/** Creates a client, under `clientId` where it must be found again (default: a fresh one). Refuses: `bad_client` naming the field, `name_taken`. */
export async function createClient(
  ctx: Ctx,
  input: NewClient,
  clientId: Id<'client'> = newId(),
): Promise<Result<{ clientId: Id<'client'> }, 'bad_client' | 'name_taken'>> {
  const fields = faultyFields(input);
  if (fields) return refuse('bad_client', Object.values(fields)[0] ?? '', fields);
  if (!(await insertClient(ctx, clientId, { ...input, name: input.name.trim() }))) {
    return refuse('name_taken', `There is already a client called ${input.name.trim()}; choose another name.`);
  }
  await recordAudit(ctx, {
    action: 'client.created',
    subjectKind: 'client',
    subjectId: clientId,
    detail: { name: input.name.trim() },
  });
  return ok({ clientId });
}

/**
 * Changes what is given; null clears. The currency cannot change once accounts exist in it, so it is not offered here. Refuses:
 * `client_not_found`, `version_conflict` when `rowVersion` is given and somebody else was first, `bad_client`, `name_taken`.
 */
export async function updateClient(
  ctx: Ctx,
  clientId: Id<'client'>,
  changes: Partial<Omit<NewClient, 'currency'>>,
  rowVersion?: bigint,
): Promise<Result<void, 'client_not_found' | 'version_conflict' | 'bad_client' | 'name_taken'>> {
  const before = await findClient(ctx, clientId);
  if (!before) return refuse('client_not_found', 'There is no such client.');
  const fields = faultyFields({ ...before, ...changes });
  if (fields) return refuse('bad_client', Object.values(fields)[0] ?? '', fields);
  const name = changes.name?.trim();
  if (name !== undefined && (await listClients(ctx)).some((client) => client.name === name && client.id !== clientId)) {
    return refuse('name_taken', `There is already a client called ${name}; choose another name.`);
  }
  if (!(await updateClientRow(ctx, clientId, changes, rowVersion))) {
    return refuse(
      'version_conflict',
      'Somebody else has changed this client meanwhile; load it again and repeat your change.',
    );
  }
  await recordAudit(ctx, {
    action: 'client.changed',
    subjectKind: 'client',
    subjectId: clientId,
    detail: { after: { ...changes } },
  });
  return ok();
}

function faultyFields(input: NewClient): Record<string, string> | null {
  const faults: Record<string, string> = {};
  const length = input.name.trim().length;
  if (length < 1 || length > 200) faults['name'] = 'Give the client a name of 1 to 200 characters.';
  const currency = parseCurrency(input.currency);
  if (!currency.ok) faults['currency'] = currency.detail;
  const zone = parseTimeZone(input.timeZone);
  if (!zone.ok) faults['timeZone'] = zone.detail;
  if (!/^[A-Z]{2}$/.test(input.country)) {
    faults['country'] =
      `"${input.country.slice(0, 20)}" is not a country code; write two capital letters such as US or DE.`;
  }
  return Object.keys(faults).length > 0 ? faults : null;
}
