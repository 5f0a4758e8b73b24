import { canonicalJson } from '../../../kernel/crypto.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { selectTimeline } from '../timeline.sql.ts';
import { type TimelineEntry, toTimelineEntry } from '../timeline-entry.ts';
import {
  type AccountHead,
  findAccountHead,
  type Period,
  selectMessages,
  selectNotices,
  selectPermits,
} from './evidence.sql.ts';

/** What a pack holds of one account: its timeline, oldest first, and lines of JSON by the file they belong to. */
export type AccountEvidence = {
  readonly account: AccountHead;
  readonly timeline: readonly TimelineEntry[];
  readonly lines: readonly { readonly file: 'timeline' | 'permits' | 'messages' | 'notices'; readonly text: string }[];
};

const page = 500;

/** Everything an evidence pack shows of an account, in a period or at all. Throws when there is no such account. */
export async function evidenceOf(ctx: Ctx, accountId: string, period: Period | null): Promise<AccountEvidence> {
  const account = await findAccountHead(ctx, accountId);
  if (!account) throw new Error(`There is no account ${accountId}`);
  const timeline = await wholeTimeline(ctx, accountId, period);
  const permits = await selectPermits(ctx, accountId, period);
  const messages = await selectMessages(ctx, accountId, period);
  const notices = await selectNotices(ctx, accountId, period);
  return {
    account,
    timeline,
    lines: [
      ...timeline.map((entry) => ({ file: 'timeline' as const, text: canonicalJson({ accountId, ...entry }) })),
      // The facts go in as the text their digest was taken of.
      ...permits.map(({ row: { facts, ...permit } }) => ({
        file: 'permits' as const,
        text: canonicalJson({ ...permit, facts_text: canonicalJson(facts) }),
      })),
      ...messages.map(({ row }) => ({
        file: 'messages' as const,
        text: canonicalJson({ for_account: accountId, ...row }),
      })),
      ...notices.map(({ row }) => ({ file: 'notices' as const, text: canonicalJson(row) })),
    ],
  };
}

async function wholeTimeline(ctx: Ctx, accountId: string, period: Period | null): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = [];
  let after: string[] | null = period === null ? null : [period.before.toISOString(), ''];
  for (;;) {
    const records = await selectTimeline(ctx, accountId, after, page);
    const wanted = period === null ? records : records.filter((record) => record.at >= period.from);
    entries.push(...wanted.map(toTimelineEntry));
    const last = records.at(-1);
    if (records.length < page || wanted.length < records.length || !last) return entries.toReversed();
    after = [last.at.toISOString(), `${last.source}:${last.id}`];
  }
}
