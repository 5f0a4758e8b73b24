import { sql } from 'kysely';
import { sha256Hex } from '../../kernel/crypto.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';

/** A file of evidence may have so many bytes at most. */
export const mostEvidenceBytes = 10 * 1024 * 1024;

export type EvidenceType = 'application/pdf' | 'image/png' | 'image/jpeg' | 'text/plain';

export type RuleEvidence = {
  readonly id: string;
  readonly fileName: string;
  readonly mediaType: EvidenceType;
  readonly size: number;
  readonly sha256: string;
};

const begins = (bytes: Buffer, ...head: number[]) => head.every((byte, i) => bytes[i] === byte);

/** What a file is by its own bytes, whatever it is called; null for what is taken in nowhere here. */
export function evidenceTypeOf(bytes: Buffer): EvidenceType | null {
  if (begins(bytes, 0x25, 0x50, 0x44, 0x46, 0x2d)) return 'application/pdf';
  if (begins(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (begins(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (bytes.includes(0)) return null;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'text/plain';
  } catch {
    return null;
  }
}

/**
 * Keeps what counsel wrote, byte for byte, with its digest. Refuses: `empty_file`; `file_too_large`; `unreadable_file` unless it is a PDF,
 * a picture (PNG, JPEG) or plain text.
 */
export async function keepRuleEvidence(
  ctx: Ctx,
  file: { readonly fileName: string; readonly bytes: Buffer },
): Promise<Result<RuleEvidence, 'empty_file' | 'file_too_large' | 'unreadable_file'>> {
  const { bytes } = file;
  if (bytes.length === 0) return refuse('empty_file', 'The file is empty.');
  if (bytes.length > mostEvidenceBytes)
    return refuse('file_too_large', 'A file of evidence may have 10 MB at most. Send the part that matters.');
  const mediaType = evidenceTypeOf(bytes);
  if (mediaType === null)
    return refuse(
      'unreadable_file',
      'Evidence is a PDF, a picture (PNG or JPEG) or plain text. Save it as one of these.',
    );
  const id = newId<'rule_evidence'>();
  const sha256 = sha256Hex(bytes);
  const fileName = shortName(file.fileName);
  await sql`insert into compliance.rule_evidence (tenant_id, id, file_name, media_type, bytes, sha256, uploaded_by, uploaded_by_id, recorded_at)
    values (${ctx.tenant}, ${id}, ${fileName}, ${mediaType}, ${bytes}, ${sha256}, ${ctx.actor.name}, ${ctx.actor.id}, ${ctx.at})`.execute(
    ctx.db,
  );
  await recordAudit(ctx, {
    action: 'rule_evidence.kept',
    subjectKind: 'rule_evidence',
    subjectId: id,
    detail: { fileName, sha256, bytes: bytes.length },
  });
  return ok({ id, fileName, mediaType, size: bytes.length, sha256 });
}

// It is shown and offered for saving under this name; what a path or a control character could do is left out.
function shortName(name: string): string {
  const plain = (name.split(/[\\/]/).at(-1) ?? '').replaceAll(/[\p{Cc}"]/gu, '').trim();
  return plain === '' ? 'evidence' : plain.slice(-120);
}

/** A file of evidence with its bytes; null when there is none. */
export async function findRuleEvidence(
  ctx: Ctx,
  evidenceId: string,
): Promise<(RuleEvidence & { readonly bytes: Buffer }) | null> {
  const { rows } = await sql<RuleEvidence & { bytes: Buffer }>`
    select id, file_name as "fileName", media_type as "mediaType", octet_length(bytes) as size, sha256, bytes
    from compliance.rule_evidence where tenant_id = ${ctx.tenant} and id = ${evidenceId}`.execute(ctx.db);
  return rows[0] ?? null;
}
