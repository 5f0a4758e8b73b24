import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { findFacts } from '../accounts/public.ts';
import { recordAudit } from '../identity/public.ts';
import { insertNote } from './call.sql.ts';

const LONGEST = 10_000;

/** Writes a note on an account. Refuses: `account_not_found`, `empty_note`, `note_too_long` (10,000 characters). */
export async function addNote(
  ctx: Ctx,
  input: { readonly accountId: Id<'account'>; readonly body: string },
): Promise<Result<{ noteId: Id<'note'> }, 'account_not_found' | 'empty_note' | 'note_too_long'>> {
  const body = input.body.trim();
  if (body === '') return refuse('empty_note', 'Write something in the note.', { body: 'Empty.' });
  if (body.length > LONGEST) {
    return refuse('note_too_long', `A note has at most ${LONGEST} characters; this one has ${body.length}.`, {
      body: 'Too long.',
    });
  }
  if (!(await findFacts(ctx, input.accountId))) return refuse('account_not_found', 'There is no such account.');
  const noteId = newId<'note'>();
  await insertNote(ctx, { id: noteId, accountId: input.accountId, body });
  await recordAudit(ctx, { action: 'note.added', subjectKind: 'note', subjectId: noteId, accountId: input.accountId });
  return ok({ noteId });
}
