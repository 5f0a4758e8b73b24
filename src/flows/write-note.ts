import type { Ctx } from '../kernel/ctx.ts';
import type { Id } from '../kernel/ids.ts';
import { ok, type Result } from '../kernel/result.ts';
import { judgeNote, type NoteWarning } from '../modules/compliance/public.ts';
import { addNote } from '../modules/desk/public.ts';

export type WrittenNote = {
  readonly noteId: Id<'note'>;
  readonly warnings: readonly NoteWarning[];
  readonly incidentId: string | null;
};

/** Writes a note on an account and warns of words that may not be said to anybody; it is saved all the same. Refuses as `addNote` does. */
export async function writeNote(
  ctx: Ctx,
  input: Parameters<typeof addNote>[1],
): Promise<Result<WrittenNote, 'account_not_found' | 'empty_note' | 'note_too_long'>> {
  const added = await addNote(ctx, input);
  if (!added.ok) return added;
  const { noteId } = added.value;
  return ok({ noteId, ...(await judgeNote(ctx, { ...input, text: input.body, kind: 'note', id: noteId })) });
}
