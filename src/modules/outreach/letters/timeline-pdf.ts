import { typeset } from './typeset.ts';

/** A timeline in words, as it is drawn; entries oldest first. */
export type TimelineSheet = {
  readonly title: string;
  readonly subtitle: string;
  readonly author: string;
  readonly groups: readonly {
    readonly heading: string;
    readonly entries: readonly {
      readonly at: string;
      readonly title: string;
      readonly body: string | null;
      readonly actor: string | null;
      readonly reasons: readonly string[];
    }[];
  }[];
};

/** A timeline as a tagged PDF (PDF/UA-1), A4. Throws when the typesetter is not installed on this platform. */
export function timelinePdf(sheet: TimelineSheet): Promise<Buffer> {
  return typeset('timeline', sheet, 60_000);
}
