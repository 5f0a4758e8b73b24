import { addDays, localDateOf, startOfDay, type TimeZone } from '../kernel/calendar.ts';
import type { Ctx } from '../kernel/ctx.ts';
import { newId } from '../kernel/ids.ts';
import {
  decide,
  type EventFact,
  factsLater,
  type Gated,
  loadGateFacts,
  openingsOf,
  type Proposal,
  type RuleBook,
  supposedContact,
} from '../modules/compliance/public.ts';
import { findBestPhones } from '../modules/desk/public.ts';
import { type Draft, draftNotices, listSenders, type NoticeLevel } from '../modules/outreach/public.ts';
import type {
  DueContact,
  Gate,
  GateAnswer,
  Objection,
  PortfolioCluster,
  Scenario,
  Window,
} from '../modules/strategy/public.ts';
import { callProposal } from './next-account.ts';
import { proposalOf } from './pass-gate.ts';
import { write } from './send-due.ts';
import type { Writing } from './try-change.ts';

/** What a notice of one kind carries and what the rules about wording have against it. */
type Wording = {
  readonly carries: readonly string[];
  readonly language: string | null;
  readonly objections: readonly Objection[];
};

/** How notices read, found once for each kind of notice: client, reader and setting, level, first or later. */
export type Wordings = Map<string, Wording>;

type Notice = { readonly draft: Draft | null; readonly gated: Gated };
type Questions = {
  /** By party and client. */
  readonly notices: ReadonlyMap<string, Notice>;
  /** By account. */
  readonly calls: ReadonlyMap<string, Gated>;
};

const allLevels: readonly NoticeLevel[] = [0, 1, 2, 3, 4, 5];
const nobody: ReadonlySet<string> = new Set();

/**
 * Reads what the contacts of these clusters are judged on, once for the whole simulation. The gates it opens are those that real contacts
 * pass: the same facts, aged to the instant of each contact, with the contacts that the simulation let through before.
 */
export async function openGates(
  ctx: Ctx,
  mailing: Writing,
  book: RuleBook,
  wordings: Wordings,
  clusters: readonly PortfolioCluster[],
  knownAt: Date | null,
): Promise<() => Gate> {
  const { notices, calls } = await questionsOf(ctx, mailing, wordings, clusters, knownAt ?? ctx.at);
  return () => {
    const contacts: EventFact[] = [];
    const crowded = new Set<string>();
    return (due) => {
      const [first] = due.accounts;
      const { partyId, clientId, id } = first.account;
      if (due.channel === 'call') {
        const gated = calls.get(id);
        if (!gated) throw new Error(`Nothing was read for a call about account ${id}`);
        return judged(due, knownBy(gated, knownAt, due.at), book, contacts);
      }
      const notice = notices.get(`${partyId}/${clientId}`);
      if (!notice) throw new Error(`Nothing was read for a notice about account ${id}`);
      return judgedNotice(
        due,
        { ...notice, gated: knownBy(notice.gated, knownAt, due.at) },
        book,
        wordings,
        contacts,
        crowded,
      );
    };
  };
}

/** In a replay what had not happened yet is not known, and the contacts that really were made are those that are simulated anew. */
function knownBy(gated: Gated, knownAt: Date | null, at: Date): Gated {
  if (knownAt === null) return gated;
  const [begin, now] = [knownAt.toISOString(), at.toISOString()];
  const events = gated.facts.events.filter(
    (event) => event.at <= begin || (event.at <= now && !(event.type === 'contact' && event['direction'] === 'out')),
  );
  return { ...gated, facts: { ...gated.facts, events } };
}

function judgedNotice(
  due: DueContact,
  { draft, gated }: Notice,
  book: RuleBook,
  wordings: Wordings,
  contacts: EventFact[],
  crowded: Set<string>,
): GateAnswer {
  const { clientId, id } = due.accounts[0].account;
  const [first, ...others] = due.accounts.map((one) => one.account.id);
  const proposal: Proposal = { ...gated.proposal, accountIds: [first ?? id, ...others] };
  if (!draft || draft.recipient === null) return judged(due, { ...gated, proposal }, book, contacts);

  // One automatic notice a mailbox, client and day of the person.
  const zone = draft.zone as TimeZone;
  const localOn = localDateOf(due.at, zone);
  const mailbox = `${draft.recipient.key}/${clientId}/${localOn}`;
  if (crowded.has(mailbox))
    return {
      fate: 'later',
      notBefore: startOfDay(addDays(localOn, 1), zone).getTime(),
      blamed: nobody,
      objections: [],
    };
  const stage = due.accounts.every((one) => one.written || !one.account.consumer)
    ? 'subsequent'
    : draft.notice.setting.stage;
  const wording = wordings.get(wordingKey(draft, due.level, stage));
  if (wording && wording.objections.length > 0)
    return { fate: 'unwritable', notBefore: null, blamed: nobody, objections: wording.objections };
  const has = [...(proposal.content.has ?? []), ...(wording?.carries ?? [])];
  const language = wording?.language ?? null;
  const content = { ...proposal.content, has, language, disclosureLanguage: language };
  const answer = judged(due, { ...gated, proposal: { ...proposal, content } }, book, contacts);
  if (answer.fate === 'made') crowded.add(mailbox);
  return answer;
}

function judged(due: DueContact, { facts, proposal }: Gated, book: RuleBook, contacts: EventFact[]): GateAnswer {
  const later = factsLater(facts, {
    at: due.at,
    accounts: due.accounts.map(({ account, dueMinor, daysPastDue, silenced }) => ({
      id: account.id,
      state: account.state,
      dueMinor,
      daysPastDue,
      silenced,
    })),
    consumer: due.accounts.some((one) => one.account.consumer),
    contacts,
    ended: due.ended,
  });
  const asked: Proposal = { ...proposal, initial: due.accounts.some((one) => !one.approached) };
  const { decision, notBefore, reasons } = decide(later, asked, book, due.at);
  // Reports outlive people: a sentence that names an account is not an example for one.
  const objections = reasons.map(({ ruleId, citation, sentence, effect, accountId }) => ({
    ruleId,
    citation,
    sentence: accountId === null ? sentence : '',
    effect,
  }));
  if (decision === 'allow') {
    contacts.push(supposedContact(asked, later, due.at));
    return { fate: 'made', notBefore: null, blamed: nobody, objections };
  }
  if (decision === 'defer' && notBefore !== null)
    return { fate: 'later', notBefore: notBefore.getTime(), blamed: nobody, objections };
  const denying = reasons.filter((reason) => reason.effect === 'deny');
  const named = denying.every((reason) => reason.accountId !== null);
  return {
    // As at the gate: a no that comes from a state leaves the plan to the next run, one that stays does not.
    fate: denying.length > 0 && denying.every((reason) => reason.kind === 'own_state') ? 'passing' : 'denied',
    notBefore: null,
    blamed: new Set(
      named ? denying.flatMap((reason) => reason.accountId ?? []) : due.accounts.map((one) => one.account.id),
    ),
    objections,
  };
}

async function questionsOf(
  ctx: Ctx,
  mailing: Writing,
  wordings: Wordings,
  clusters: readonly PortfolioCluster[],
  asOf: Date,
): Promise<Questions> {
  const accounts = clusters.flatMap((cluster) => cluster.accounts);
  const groups = [...Map.groupBy(accounts, (account) => `${account.partyId}/${account.clientId}`)];
  const able = new Set(
    (await listSenders(ctx, [...new Set(accounts.map((account) => account.clientId))])).map((one) => one.clientId),
  );
  const order = (ids: readonly string[], level: NoticeLevel | null) => {
    const [first = '', ...others] = ids.toSorted();
    const accountIds: [string, ...string[]] = [first, ...others];
    return { messageId: newId(), accountIds, automatic: true, level, comment: null, contactPointId: null };
  };
  const sent = groups.filter(([, theirs]) => able.has(theirs[0]?.clientId ?? ''));
  const drafts = await draftNotices(
    ctx,
    sent.map(([, theirs]) =>
      order(
        theirs.map((account) => account.id),
        null,
      ),
    ),
  );
  const byGroup = new Map(drafts.map((draft, at) => [sent[at]?.[0] ?? '', draft]));
  await findWordings(ctx, mailing, wordings, drafts);

  const notices = groups.map(([, theirs]) => noticeProposal(theirs, byGroup));
  const phones = await findBestPhones(ctx, [...new Set(accounts.map((account) => account.partyId))]);
  const calls = accounts.map((account) => callProposal(account, account.id, phones.get(account.partyId) ?? null));
  const gated = await loadGateFacts(ctx, [...notices, ...calls], asOf);
  return {
    notices: new Map(groups.map(([key], at) => [key, { draft: byGroup.get(key) ?? null, gated: gated[at] as Gated }])),
    calls: new Map(accounts.map((account, at) => [account.id, gated[notices.length + at] as Gated])),
  };
}

function noticeProposal(theirs: PortfolioCluster['accounts'], drafts: ReadonlyMap<string, Draft>): Proposal {
  const [first] = theirs;
  if (!first) throw new Error('A group of accounts is never empty');
  const draft = drafts.get(`${first.partyId}/${first.clientId}`);
  if (draft) return proposalOf({ draft, rendered: null });
  const [id = '', ...others] = theirs.map((account) => account.id).toSorted();
  return {
    ...callProposal(first, id, null),
    act: 'automatic_message',
    channel: 'email',
    actKind: 'message',
    accountIds: [id, ...others],
  };
}

function wordingKey({ notice }: Draft, level: number, stage: string): string {
  const { collectorType, debtKind, jurisdictions } = notice.setting;
  return [notice.client.id, notice.party.language, collectorType, debtKind, jurisdictions.join(), level, stage].join(
    '/',
  );
}

/** Puts one notice of each kind that was not seen before into words; those of its kind carry the same. */
async function findWordings(ctx: Ctx, mailing: Writing, wordings: Wordings, drafts: readonly Draft[]): Promise<void> {
  const fresh = new Map<string, Draft>();
  for (const draft of drafts) {
    const key = wordingKey(draft, 0, 'subsequent');
    if (draft.recipient !== null && !wordings.has(key) && !fresh.has(key)) fresh.set(key, draft);
  }
  if (fresh.size === 0) return;
  const orders = [...fresh.values()].flatMap(({ order }) =>
    allLevels.map((level) => ({ ...order, messageId: newId(), level })),
  );
  for (const draft of await draftNotices(ctx, orders)) {
    for (const stage of ['initial', 'subsequent'] as const) {
      const setting = { ...draft.notice.setting, stage };
      const rendered = write(mailing, ctx.tenant, { ...draft, notice: { ...draft.notice, setting } });
      const findings = rendered?.verdict.refused ? rendered.verdict.findings : [];
      wordings.set(wordingKey(draft, draft.notice.level, stage), {
        carries: rendered?.verdict.carries ?? [],
        language: rendered?.words.language ?? null,
        objections: findings
          .filter((finding) => finding.effect === 'refuse')
          .map(({ ruleId, citation, sentence }) => ({ ruleId, citation, sentence, effect: 'deny' })),
      });
    }
  }
}

// As the day's run computes them: over the longest run of closed days.
const openingsAhead = 14;

/** The hours by which runs time their plans, for every place as it is met. */
export function openingHours(book: RuleBook, { days, from }: Window): Scenario['opens'] {
  const through = addDays(days.at(-1) ?? from, openingsAhead);
  const places = new Map<string, { readonly opens: number; readonly closes: number }[]>();
  return ({ partyZone, country }, channel, at) => {
    if (partyZone === null || country === null) return 0;
    const key = `${channel}/${partyZone}/${country}`;
    let openings = places.get(key);
    if (openings === undefined) {
      openings = openingsOf(book, { zones: [partyZone], country }, channel, addDays(from, -1), through).flatMap(
        ({ opensAt, closesAt }) =>
          opensAt && closesAt ? [{ opens: opensAt.getTime(), closes: closesAt.getTime() }] : [],
      );
      places.set(key, openings);
    }
    const next = openings.find((opening) => opening.closes > at);
    return next ? Math.max(next.opens, at) : 0;
  };
}
