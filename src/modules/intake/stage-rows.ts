import type { Database } from '../../kernel/db.ts';
import { copyInto } from '../../kernel/db-copy.ts';
import type { Id, TenantId } from '../../kernel/ids.ts';
import { type Result, ok, refuse } from '../../kernel/result.ts';
import type { SourceRow } from './csv-reader.ts';
import { rejectLine, rejectsCopy } from './reject.ts';
import type { RowReader } from './row-reader.ts';
import { copyLine, stagedRowsCopy } from './staged-row.ts';

export type StagedCounts = { rows: number; staged: number; rejected: number; blank: number; afterUntil: number };

/** Where staged rows go and who is told how far it is. `onProgress` may be called hundreds of times; it decides how often to write. */
export type Staging = {
  readonly database: Database;
  readonly tenant: TenantId;
  readonly importId: Id<'import'>;
  readonly read: RowReader;
  readonly onProgress: (bytesRead: number) => Promise<void>;
};

const textSize = 128 * 1024;
const rejectBatch = 1000;
const enoughToJudge = 20_000;

/** Thrown inside the copy to end it: its rows are rolled back. */
class NearlyAllRejected extends Error {}

/**
 * Validates rows and copies the good ones into staging, the others into rejects, in one pass with flat memory. The good ones
 * become visible all at once, at the end. Refuses: `nearly_all_rejected` when nine rows in ten of the first 20,000 are bad, because
 * then the mapping is wrong and not the rows.
 */
export async function stageRows(
  to: Staging,
  batches: AsyncIterable<{ readonly rows: readonly SourceRow[]; readonly bytesRead: number }>,
): Promise<Result<StagedCounts, 'nearly_all_rejected'>> {
  const counts: StagedCounts = { rows: 0, staged: 0, rejected: 0, blank: 0, afterUntil: 0 };
  const rejectPrefix = `${to.tenant}\t${to.importId}\t`;
  const reasons = new Map<string, number>();
  let rejects: string[] = [];
  const flushRejects = async () => {
    const lines = rejects;
    rejects = [];
    if (lines.length > 0) await copyInto(to.database, to.tenant, rejectsCopy, chunks(lines));
  };

  async function* lines(): AsyncGenerator<Buffer> {
    const text = new TextPieces(textSize);
    for await (const batch of batches) {
      for (const source of batch.rows) {
        counts.rows += 1;
        const outcome = to.read(source);
        if (outcome.kind === 'row') {
          counts.staged += 1;
          const full = text.add(copyLine(to.importId, outcome.row));
          if (full) yield full;
        } else if (outcome.kind === 'skipped') {
          if (outcome.why === 'blank') counts.blank += 1;
          else counts.afterUntil += 1;
        } else {
          counts.rejected += 1;
          const sentence = outcome.problems[0]?.sentence ?? '';
          if (reasons.size < 1000) reasons.set(sentence, (reasons.get(sentence) ?? 0) + 1);
          rejects.push(rejectLine(rejectPrefix, source.rowNo, source.cells, outcome.problems));
        }
      }
      if (rejects.length >= rejectBatch) await flushRejects();
      if (counts.rows >= enoughToJudge && counts.rejected > counts.rows * 0.9) throw new NearlyAllRejected();
      await to.onProgress(batch.bytesRead);
    }
    yield text.rest();
  }

  try {
    await copyInto(to.database, to.tenant, stagedRowsCopy, lines());
  } catch (error) {
    if (!(error instanceof NearlyAllRejected)) throw error;
    const [commonest = ''] = [...reasons.entries()].sort((a, b) => b[1] - a[1])[0] ?? [];
    return refuse(
      'nearly_all_rejected',
      `${counts.rejected} of the first ${counts.rows} rows cannot be taken in, so the mapping is probably wrong. For example: ${commonest} Correct the mapping and start again.`,
    );
  }
  await flushRejects();
  return ok(counts);
}

async function* chunks(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield line;
}

/** Lines as pieces of UTF-8 of about one size: written where they will be sent from, a long string is never made of them. */
class TextPieces {
  readonly #size: number;
  #piece: Buffer;
  #used = 0;

  constructor(size: number) {
    this.#size = size;
    this.#piece = Buffer.allocUnsafeSlow(size);
  }

  /** Takes a line in; returns the piece before it once that is full. */
  add(line: string): Buffer | null {
    // No character of UTF-16 needs more than three octets.
    const most = line.length * 3;
    const full = most > this.#size - this.#used ? this.rest(Math.max(this.#size, most)) : null;
    this.#used += this.#piece.write(line, this.#used);
    return full !== null && full.length > 0 ? full : null;
  }

  /** What was not returned yet. */
  rest(next = this.#size): Buffer {
    const piece = this.#piece.subarray(0, this.#used);
    this.#piece = Buffer.allocUnsafeSlow(next);
    this.#used = 0;
    return piece;
  }
}
