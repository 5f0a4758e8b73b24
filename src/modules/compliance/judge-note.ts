import type { Ctx } from '../../kernel/ctx.ts';
import { type Id, newId } from '../../kernel/ids.ts';
import { loadFacts } from '../accounts/public.ts';
import { recordAudit } from '../identity/public.ts';
import { checkWording } from './content/check-content.ts';
import { shippedContentPacks } from './content/shipped-content.ts';
import { openIncident } from './incidents.ts';
import { loadGateFacts } from './load-gate-facts.ts';
import { plainSpeech } from './proposal.ts';

/** What the rules about wording have against words a collector wrote down. */
export type NoteWarning = {
  readonly ruleId: string;
  readonly title: string;
  readonly citation: string;
  readonly sentence: string;
  readonly remedy: string;
  readonly excerpt: string | null;
};

// A private message of words alone: what binds only letters, mailboxes or commercial mail does not bind what is noted.
const spokenOf = { channel: 'social_private', language: 'en', recipient: 'consumer', stage: 'subsequent' } as const;

/**
 * Judges a note, or the free words about a call, by what is forbidden to say. A note is no contact: it is saved whatever it says, and what
 * is found is a warning, recorded by rule and never by its words. Where the pack says so, what was written down is taken as said, and an
 * incident is opened. Throws when there is no such account.
 */
export async function judgeNote(
  ctx: Ctx,
  note: {
    readonly accountId: Id<'account'>;
    readonly text: string;
    readonly kind: 'note' | 'call';
    readonly id: string;
  },
): Promise<{ readonly warnings: readonly NoteWarning[]; readonly incidentId: string | null }> {
  const { accountId, partyId, clientId } = await subjectOf(ctx, note.accountId);
  const [gated] = await loadGateFacts(ctx, [
    {
      act: 'manual_call',
      channel: 'call',
      partyId,
      clientId,
      accountIds: [accountId],
      contactPointId: null,
      addressKey: null,
      actKind: 'call',
      actId: newId(),
      purpose: 'collect',
      content: plainSpeech,
    },
  ]);
  if (gated === undefined) throw new Error(`There are no facts about account ${accountId}`);
  const { facts } = gated;
  const found = checkWording(
    {
      ...spokenOf,
      jurisdictions: facts.jurisdictions,
      collectorType: facts.collector,
      debtKind: facts.debtKind,
      parts: { body: note.text },
      names: { business: '' },
      accountNumbers: facts.accounts.map((account) => account.number),
    },
    shippedContentPacks,
    ctx.at,
  );
  if (found.length === 0) return { warnings: [], incidentId: null };
  const breaches = found.filter(({ ruleId }) => incidentRules.has(ruleId));
  const [first] = breaches;
  const incidentId =
    first === undefined
      ? null
      : await openIncident(ctx, {
          kind: 'forbidden_words',
          accountId,
          clusterId: facts.person.clusterId,
          permitId: null,
          actId: note.kind === 'call' ? note.id : null,
          summary: `A ${note.kind === 'call' ? 'call' : 'note'} was written down in words that may not be said: ${first.title.toLowerCase()}.`,
          detail: {
            rules: [...new Set(breaches.map(({ ruleId }) => ruleId))],
            [note.kind]: note.id,
            by: ctx.actor.name,
          },
          effectiveAt: ctx.at,
        });
  await recordAudit(ctx, {
    action: 'note.warned',
    subjectKind: note.kind,
    subjectId: note.id,
    accountId,
    detail: { rules: [...new Set(found.map(({ ruleId }) => ruleId))], incidentId },
  });
  const warnings = found.map(({ ruleId, title, citation, sentence, remedy, excerpt }) => ({
    ruleId,
    title,
    citation,
    sentence,
    remedy,
    excerpt,
  }));
  return { warnings, incidentId };
}

const incidentRules: ReadonlySet<string> = new Set(
  shippedContentPacks.flatMap((pack) =>
    pack.rules.filter((rule) => rule.inNotes === 'incident').map((rule) => rule.id),
  ),
);

async function subjectOf(ctx: Ctx, accountId: Id<'account'>) {
  const { partyId, clientId } = await loadFacts(ctx, accountId);
  return { accountId, partyId, clientId };
}
