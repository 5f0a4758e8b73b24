import { typeset } from '../letters/typeset.ts';
import type { NoticeSheet } from './sheet.ts';

/** The notice as a tagged PDF (PDF/UA-1), US Letter, front and reverse. Throws when the typesetter is not installed on this platform. */
export function noticePdf(sheet: NoticeSheet): Promise<Buffer> {
  return typeset('validation-notice', sheet);
}
