import type { TenantId } from '../../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import type { Vault } from '../../../kernel/vault.ts';
import { linkToken, readLinkToken } from '../link-token.ts';

const purpose = 'notice-reply';

/** The address of a notice's reply form. */
export function noticeReplyUrl(vault: Vault, publicUrl: string, tenant: TenantId, noticeId: string): string {
  return `${publicUrl}/n/${linkToken(vault, purpose, tenant, noticeId)}`;
}

/** Reads the token of such an address. Refuses: `bad_token` for anything we did not make. */
export function readNoticeReplyToken(
  vault: Vault,
  token: string,
): Result<{ tenant: TenantId; noticeId: string }, 'bad_token'> {
  const read = readLinkToken(vault, purpose, token);
  return read === null
    ? refuse(
        'bad_token',
        'This address is not complete. Type it again as it stands on the letter, scan the code, or write to us.',
      )
    : ok({ tenant: read.tenant, noticeId: read.rowId });
}
