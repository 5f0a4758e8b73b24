import { type CalendarDate, daysBetween, localDateOf, type TimeZone } from '../../../kernel/calendar.ts';
import type { Choice } from '../choice.ts';
import { type Action, type StrategyDefinition, stepAt } from '../definition.ts';
import { type AccountPicture, evaluate, type PlannedAct, type Verdict } from '../evaluate.ts';
import { definitionFor, versionFollowed } from '../ladder.ts';
import type { AccountStop } from '../reasons.ts';
import type { AccountAnchors, RuleWorld } from '../segments/rule-predicate.ts';
import { nameOfVersion } from '../versions.sql.ts';
import { type BehaviourTable, chanceOf, draw } from './assumptions.ts';
import { choose, conditionsOf, type Position, turningDays } from './choose.ts';
import type { Course, SimulatedAct, Standing } from './course.ts';
import type { DueContact, Gate, GateAnswer, StandingAccount } from './gate.ts';
import { amountAt, type PortfolioAccount, type PortfolioCluster, type PortfolioItem, within } from './portfolio.ts';
import { dayOfInstant, dayNumber, type Window } from './window.ts';

/** What is simulated: who follows what on each day, and what is taken for granted. */
export type Scenario = {
  readonly window: Window;
  readonly choices: readonly Choice[];
  readonly behaviour: BehaviourTable | null;
  readonly tasksWorked: boolean;
  readonly zone: TimeZone;
  readonly reporting: RuleWorld['reporting'];
  readonly rates: RuleWorld['rates'];
  /** When a contact planned at an instant may go, by the hours where the party is; what the run stamps plans with. */
  readonly opens: (account: PortfolioAccount, channel: 'email' | 'call', at: number) => number;
};

/** What a walk tells while it goes, in days counted from 0. */
export type Teller = {
  planned(day: number, action: Action): void;
  answered(day: number, contact: DueContact, answer: GateAnswer, laterToday: boolean): void;
  paid(day: number, currency: string, minor: bigint): void;
};

type Level = { day: number; planId: string; previousDay: number | null };
type LiveItem = {
  readonly item: PortfolioItem;
  readonly due: number;
  readonly draws: number;
  paidOn: number | null;
  payOn: number;
  reached: Level | null;
  contacts: number;
};
type LivePlan = {
  id: string;
  readonly action: Action;
  readonly level: number;
  readonly stepKey: string;
  notBefore: number;
  /** A call is asked about once, and again only where it was put off. */
  asked: boolean;
};
type LivePromise = {
  readonly promise: PortfolioAccount['promises'][number];
  received: bigint;
  state: string;
};
type Live = {
  readonly account: PortfolioAccount;
  readonly items: LiveItem[];
  readonly promises: LivePromise[];
  plans: LivePlan[];
  position: Position | null;
  paidMinor: bigint;
  lastPaidOn: CalendarDate | null;
  settled: number;
  settledDaysLate: number;
  kept: number;
  broken: number;
  lastContact: Date | null;
  written: boolean;
  lookedAt: number;
  wake: number;
  stirred: boolean;
  daysPastDue: number | null;
  readonly acts: SimulatedAct[];
  readonly standings: Standing[];
};

const none: ReadonlySet<AccountStop> = new Set();
const never = Number.POSITIVE_INFINITY;

/**
 * Lives one cluster through the days of a simulation as daily runs would, but looks at an account only on days on which something may
 * change for it: an item comes to a step, a hold begins or ends, a condition turns by time, money comes, a contact was put off. The rule
 * of each such day is `evaluate`, the one that the runs are held to.
 */
export function walk(
  cluster: PortfolioCluster,
  scenario: Scenario,
  draws: ReadonlyMap<string, number>,
  gate: Gate,
  teller: Teller,
): Course[] {
  const { window } = scenario;
  const ended = new Map<string, number>();
  const lives = cluster.accounts.map((account) => begin(account, scenario, draws));
  let sequence = 0;
  const nextId = () => `s${(sequence += 1)}`;
  for (let day = 0; day < window.days.length; ) {
    const awake = lives.filter((live) => live.wake <= day);
    for (const live of awake) lookAt(live, scenario, day, ended, nextId, teller);
    const stirred = contact(lives, scenario, day, ended, gate, teller);
    for (const live of lives) if (live.wake <= day || stirred.has(live)) live.wake = nextWake(live, scenario, day);
    day = Math.min(...lives.map((live) => live.wake));
  }
  return lives.map(({ account, acts, standings }) => ({ accountId: account.id, acts, standings }));
}

function begin(account: PortfolioAccount, scenario: Scenario, draws: ReadonlyMap<string, number>): Live {
  const anchor = (name: string) => account.anchors[`f.${name}`] ?? null;
  const live: Live = {
    account,
    items: account.items.map((item) => ({
      item,
      due: dayNumber(scenario.window, item.dueOn),
      draws: draws.get(item.id) ?? 0,
      paidOn: null,
      payOn: never,
      reached: item.reached && { ...item.reached },
      contacts: item.contacts,
    })),
    promises: account.promises.map((promise) => ({ promise, received: promise.receivedMinor, state: 'open' })),
    plans: account.pending.map((plan) => ({ ...plan, notBefore: plan.notBefore ?? 0, asked: false })),
    position: account.position,
    paidMinor: BigInt((anchor('paid_minor') as bigint | null) ?? 0n),
    lastPaidOn: anchor('last_paid_on') as CalendarDate | null,
    settled: Number(anchor('settled_items') ?? 0),
    settledDaysLate: Number(anchor('settled_days_late') ?? 0),
    kept: Number(anchor('promises_kept') ?? 0),
    broken: Number(anchor('promises_broken') ?? 0),
    lastContact: anchor('last_contact_at') as Date | null,
    written: false,
    lookedAt: -1,
    wake: 0,
    stirred: false,
    daysPastDue: null,
    acts: [],
    standings: [],
  };
  // What was stopped after it was planned is void when the next run begins.
  const stopped = new Set(account.pending.filter((plan) => plan.stopped).map((plan) => plan.id));
  die(
    live,
    live.plans.filter((plan) => stopped.has(plan.id)),
  );
  // Money may come on the first day.
  scheduleMoney(live, scenario, -1, 0);
  return live;
}

/** What the item owes at an instant. */
function openAt(one: LiveItem, at: number): bigint {
  return one.paidOn === null ? amountAt(one.item.amounts, at) : 0n;
}

function coverOf(
  one: LiveItem,
  at: number,
  ended: ReadonlyMap<string, number>,
): { readonly kind: 'hold' | 'promise' | null; readonly contact: boolean } {
  let kind: 'hold' | 'promise' | null = null;
  let contact = false;
  for (const cover of one.item.covers) {
    if (cover.from > at || (cover.to !== null && cover.to <= at) || (ended.get(cover.holdId) ?? never) <= at) continue;
    if (kind !== 'hold') kind = cover.kind;
    contact ||= cover.contact;
  }
  return { kind, contact };
}

/** Takes from plans that die undone what they had raised. */
function die(live: Live, plans: readonly LivePlan[]): void {
  const ids = new Set(plans.map((plan) => plan.id));
  for (const one of live.items)
    if (one.reached && ids.has(one.reached.planId))
      one.reached =
        one.reached.previousDay === null
          ? null
          : { day: one.reached.previousDay, planId: one.reached.planId, previousDay: null };
  live.plans = live.plans.filter((plan) => !ids.has(plan.id));
}

function lookAt(
  live: Live,
  scenario: Scenario,
  day: number,
  ended: Map<string, number>,
  nextId: () => string,
  teller: Teller,
): void {
  const at = scenario.window.runs[day] ?? 0;
  const asOf = scenario.window.days[day] as CalendarDate;
  receiveMoney(live, scenario, day, teller);
  judgePromises(live, at, ended);
  if (stoppedSince(live, scenario, day)) die(live, live.plans);

  const open = live.items.flatMap((one) => {
    const openMinor = openAt(one, at);
    return openMinor === 0n ? [] : [{ one, openMinor, cover: coverOf(one, at, ended) }];
  });
  const owing = open.filter(({ openMinor }) => openMinor > 0n);
  const oldest = owing.reduce((least, { one }) => Math.min(least, one.due), never);
  live.daysPastDue = owing.length === 0 ? null : day - oldest;
  const creditMinor =
    amountAt(live.account.credits, at) -
    open.filter(({ openMinor }) => openMinor < 0n).reduce((total, { openMinor }) => total + openMinor, 0n);
  const choice = scenario.choices[day] as Choice;
  const { follows, allowed, line } = isFixed(choice)
    ? { follows: 0, allowed: [], line: 0 }
    : choose(choice, anchorsOf(live, owing, creditMinor), worldOf(scenario, day), {
        position: live.position,
        state: live.account.state,
        daysPastDue: live.daysPastDue,
      });
  const definition = definitionFor(choice.ladder, follows, allowed);
  const picture: AccountPicture = {
    items: owing.map(({ one, openMinor, cover }) => ({
      itemId: one.item.id,
      dueOn: one.item.dueOn,
      openMinor,
      reachedDay: one.reached?.day ?? null,
      cover: cover.kind,
    })),
    creditMinor,
    state: live.account.state,
    stops: stopsOf(live.account, at, follows === null),
    assigned: live.account.assigned,
    emailOptOut: within(live.account.optOuts, at),
    hasEmail: live.account.hasEmail,
    noticedToday: day === 0 && live.account.noticedFirstDay,
    pending: pendingOf(live.plans),
    // Nothing happens in a simulation but payments; what a strategy answers to events is left out.
    reactions: [],
  };
  const verdict = evaluate(picture, definition, asOf);
  const version = versionFollowed(choice.ladder, follows ?? 0);
  if (owing.length > 0) {
    const moved =
      live.position?.stage !== verdict.stage || (follows !== null && live.position?.versionId !== version.id);
    if (moved) live.stirred = true;
    // Those who are kept out stay where they were; the first version names the place of one that was nowhere.
    live.position = {
      stage: verdict.stage,
      versionId: follows === null ? (live.position?.versionId ?? version.id) : version.id,
    };
  }
  if (verdict.outcome === 'act') act(live, verdict, definition, scenario, day, nextId, teller);
  // What is kept from going today only may go tomorrow.
  if (verdict.withheld === 'already_today' || verdict.reasonCode === 'already_today') live.stirred = true;
  note(live, {
    day,
    version: follows === null ? null : nameOfVersion(version),
    segment: choice.lines[line]?.segment ?? null,
    reasonCode: verdict.reasonCode,
  });
  live.lookedAt = day;
}

/** Everybody follows one version without conditions. */
const fixed = new WeakMap<Choice, boolean>();
function isFixed(choice: Choice): boolean {
  let answer = fixed.get(choice);
  if (answer === undefined) {
    const [only, ...others] = choice.lines;
    answer =
      others.length === 0 &&
      only?.course?.earlier.length === 0 &&
      only.course.newest === 0 &&
      choice.ladder.conditions.length === 0;
    fixed.set(choice, answer);
  }
  return answer;
}

function note(live: Live, standing: Standing): void {
  const last = live.standings.at(-1);
  if (
    last?.reasonCode !== standing.reasonCode ||
    last.version !== standing.version ||
    last.segment !== standing.segment
  )
    live.standings.push(standing);
}

function stopsOf(account: PortfolioAccount, at: number, keptOut: boolean): ReadonlySet<AccountStop> {
  const stops: AccountStop[] = [];
  if (account.state !== 'active') stops.push('account_state');
  if (within(account.stops, at)) stops.push('wide_stop');
  if (within(account.holds, at)) stops.push('hold');
  if (within(account.ceases, at)) stops.push('cease');
  if (account.sensitive) stops.push('sensitive');
  if (keptOut) stops.push('kept_out');
  return stops.length === 0 ? none : new Set(stops);
}

function pendingOf(plans: readonly LivePlan[]): AccountPicture['pending'] {
  const pending: Partial<Record<Action, { level: number; stepKey: string }>> = {};
  for (const { action, level, stepKey } of plans)
    if ((pending[action]?.level ?? -1) < level) pending[action] = { level, stepKey };
  return pending;
}

function act(
  live: Live,
  verdict: Verdict,
  definition: StrategyDefinition,
  { window, opens }: Scenario,
  day: number,
  nextId: () => string,
  teller: Teller,
): void {
  const at = window.runs[day] ?? 0;
  const asOf = window.days[day] as CalendarDate;
  for (const planned of verdict.plans) {
    const plan: LivePlan = {
      id: nextId(),
      action: planned.action,
      level: planned.level,
      stepKey: planned.stepKey,
      notBefore:
        planned.action === 'escalation' ? 0 : opens(live.account, planned.action === 'email' ? 'email' : 'call', at),
      asked: false,
    };
    takeOver(live, plan);
    raise(live, planned, plan.id, definition, asOf);
    live.plans.push(plan);
    live.acts.push({
      day,
      action: plan.action,
      stepKey: plan.stepKey,
      level: plan.level,
      amountMinor: verdict.claimedMinor,
    });
    teller.planned(day, plan.action);
  }
  live.stirred = true;
}

/** The firmest plan of the action that nobody has carried out gives way to the new one, its items with it. */
function takeOver(live: Live, plan: LivePlan): void {
  const before = live.plans
    .filter((one) => one.action === plan.action)
    .reduce<LivePlan | null>((firmest, one) => (firmest && firmest.level >= one.level ? firmest : one), null);
  if (!before) return;
  for (const one of live.items) if (one.reached?.planId === before.id) one.reached.planId = plan.id;
  live.plans = live.plans.filter((one) => one !== before);
}

function raise(
  live: Live,
  planned: PlannedAct,
  planId: string,
  definition: StrategyDefinition,
  asOf: CalendarDate,
): void {
  const fired = new Set(planned.fires);
  for (const one of live.items) {
    if (!fired.has(one.item.id)) continue;
    const step = stepAt(definition, daysBetween(one.item.dueOn, asOf));
    if (step) one.reached = { day: step.day, planId, previousDay: one.reached?.day ?? null };
  }
}

/** Puts to the gate what is due at each hour of the day. Returns the accounts for which something came of it. */
function contact(
  lives: readonly Live[],
  scenario: Scenario,
  day: number,
  ended: ReadonlyMap<string, number>,
  gate: Gate,
  teller: Teller,
): ReadonlySet<Live> {
  const stirred = new Set<Live>();
  const waiting = lives.filter((live) => live.plans.length > 0);
  if (waiting.length === 0) return stirred;
  const stops = scenario.window.stops[day] ?? [];
  const last = stops.at(-1)?.getTime() ?? 0;
  for (const at of stops) {
    const instant = at.getTime();
    const tell = (due: DueContact, answer: GateAnswer) =>
      teller.answered(day, due, answer, answer.fate === 'later' && (answer.notBefore ?? never) <= last);
    // What names some accounts only lets the others be written to again.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const notices = Map.groupBy(
        waiting.filter((live) => live.plans.some((plan) => isDue(plan, 'email', instant))),
        (live) => `${live.account.partyId}/${live.account.clientId}`,
      );
      if (notices.size === 0) break;
      for (const together of notices.values()) {
        const plans = together.flatMap((live) => live.plans.filter((plan) => isDue(plan, 'email', instant)));
        const level = Math.max(...plans.map((plan) => plan.level));
        const due = dueContact('email', together, level, scenario, day, at, ended);
        const answer = gate(due);
        tell(due, answer);
        settleNotice(together, instant, answer);
        for (const live of together) stirred.add(live);
      }
    }
    for (const live of waiting) {
      for (const plan of live.plans.filter((one) => isDue(one, 'call_task', instant) && !one.asked)) {
        const due = dueContact('call', [live], plan.level, scenario, day, at, ended);
        const answer = gate(due);
        tell(due, answer);
        settleCall(live, plan, instant, answer, scenario.tasksWorked);
        stirred.add(live);
      }
      if (scenario.tasksWorked && live.plans.some((plan) => plan.action === 'escalation')) {
        live.plans = live.plans.filter((plan) => plan.action !== 'escalation');
        stirred.add(live);
      }
    }
  }
  for (const live of stirred) live.stirred = true;
  return stirred;
}

const isDue = (plan: LivePlan, action: Action, at: number): boolean => plan.action === action && plan.notBefore <= at;

function dueContact(
  channel: 'email' | 'call',
  together: readonly Live[],
  level: number,
  scenario: Scenario,
  day: number,
  at: Date,
  ended: ReadonlyMap<string, number>,
): DueContact {
  const [first, ...others] = together
    .toSorted((a, b) => (a.account.id < b.account.id ? -1 : 1))
    .map((live) => standingOf(live, day, at.getTime(), ended));
  if (!first) throw new Error('A contact is about one account at least');
  return { channel, at, level, accounts: [first, ...others], ended };
}

function standingOf(live: Live, day: number, at: number, ended: ReadonlyMap<string, number>): StandingAccount {
  let dueMinor = -amountAt(live.account.credits, at);
  let oldest = never;
  let silenced = true;
  for (const one of live.items) {
    const openMinor = openAt(one, at);
    dueMinor += openMinor;
    if (openMinor <= 0n) continue;
    oldest = Math.min(oldest, one.due);
    silenced &&= coverOf(one, at, ended).contact;
  }
  return {
    account: live.account,
    dueMinor,
    daysPastDue: oldest === never ? 0 : Math.max(0, day - oldest),
    silenced: silenced && oldest !== never,
    approached: live.lastContact !== null,
    written: live.written,
  };
}

function settleNotice(together: readonly Live[], at: number, { fate, notBefore, blamed }: GateAnswer): void {
  const [first] = together.toSorted((a, b) => (a.account.id < b.account.id ? -1 : 1));
  if (fate === 'made' && first) first.lastContact = new Date(at);
  for (const live of together) {
    const plans = live.plans.filter((plan) => isDue(plan, 'email', at));
    const theirs = fate === 'made' || fate === 'later' || fate === 'unwritable' || blamed.has(live.account.id);
    if (!theirs) continue;
    if (fate === 'later') for (const plan of plans) plan.notBefore = notBefore ?? never;
    else if (fate === 'passing' || fate === 'unwritable') die(live, plans);
    else live.plans = live.plans.filter((plan) => !plans.includes(plan));
    if (fate === 'made') {
      live.written = true;
      countContact(live, at);
    }
  }
}

function settleCall(live: Live, plan: LivePlan, at: number, { fate, notBefore }: GateAnswer, worked: boolean): void {
  if (!worked) {
    plan.asked = true;
    return;
  }
  if (fate === 'made') {
    live.plans = live.plans.filter((one) => one !== plan);
    live.lastContact = new Date(at);
    countContact(live, at);
  } else if (fate === 'later') plan.notBefore = notBefore ?? never;
  else plan.asked = true;
}

function countContact(live: Live, at: number): void {
  for (const one of live.items) if (openAt(one, at) > 0n) one.contacts += 1;
}

/** Money that behaviour brings pays an item whole, before the run of its day. */
function receiveMoney(live: Live, scenario: Scenario, day: number, teller: Teller): void {
  const at = scenario.window.runs[day] ?? 0;
  for (const one of live.items) {
    if (one.payOn !== day || one.paidOn !== null) continue;
    one.payOn = never;
    const minor = openAt(one, at);
    if (minor <= 0n) continue;
    one.paidOn = day;
    live.paidMinor += minor;
    live.lastPaidOn = scenario.window.days[day] ?? null;
    live.settled += 1;
    live.settledDaysLate += Math.max(0, day - one.due);
    for (const held of live.promises)
      if (held.state === 'open' && held.promise.itemIds.includes(one.item.id)) held.received += minor;
    teller.paid(day, live.account.currency, minor);
  }
}

/** As judge-promises of the payments room: kept as soon as the money is there, broken when the client's day after the last has come. */
function judgePromises(live: Live, at: number, ended: Map<string, number>): void {
  for (const held of live.promises) {
    if (held.state !== 'open') continue;
    const { promise } = held;
    if (promise.judged) {
      if (promise.judged.at > at) continue;
      held.state = promise.judged.state;
    } else {
      const today = localDateOf(new Date(at), live.account.clientZone as TimeZone);
      const nothingOpen = promise.itemIds.every((id) =>
        live.items.every((one) => one.item.id !== id || openAt(one, at) <= 0n),
      );
      if (held.received >= promise.amountMinor) held.state = 'kept';
      else if (nothingOpen) held.state = held.received > 0n ? 'kept' : 'cancelled';
      else if (today > promise.lastDay) held.state = held.received > 0n ? 'part_kept' : 'broken';
      else continue;
    }
    if (held.state === 'kept') live.kept += 1;
    if (held.state === 'broken') live.broken += 1;
    ended.set(promise.holdId, at);
    live.stirred = true;
  }
}

/** Whether what had been planned was stopped since the last look: money came, or a hold or wish that nobody had known. */
function stoppedSince(live: Live, { window }: Scenario, day: number): boolean {
  const at = window.runs[day] ?? 0;
  const since = live.lookedAt < 0 ? Number.NEGATIVE_INFINITY : (window.runs[live.lookedAt] ?? 0);
  const began = (spans: readonly { readonly from: number; readonly fresh: boolean }[]) =>
    spans.some((span) => span.fresh && span.from > since && span.from <= at);
  const { account } = live;
  return (
    live.items.some((one) => one.paidOn === day || began(one.item.covers) || fell(one, since, at)) ||
    [account.holds, account.ceases, account.optOuts, account.stops].some(began)
  );
}

const fell = (one: LiveItem, since: number, at: number): boolean =>
  one.item.amounts.some(
    (amount, n) =>
      n > 0 && amount.from > since && amount.from <= at && amount.minor < (one.item.amounts[n - 1]?.minor ?? 0n),
  );

function anchorsOf(
  live: Live,
  owing: readonly { readonly one: LiveItem; readonly openMinor: bigint }[],
  creditMinor: bigint,
): AccountAnchors {
  const least = (dates: readonly CalendarDate[]) =>
    dates.reduce<CalendarDate | null>((a, b) => (a && a < b ? a : b), null);
  const dues = owing.map(({ one }) => one.item.dueOn);
  const promised = live.promises.filter((held) => held.state === 'open').map((held) => held.promise.dueOn);
  const nothing = owing.length === 0 && live.settled > 0;
  return {
    ...live.account.anchors,
    'f.state': live.account.state === 'active' && nothing ? 'settled' : live.account.state,
    'f.balance_minor': owing.reduce((total, { openMinor }) => total + openMinor, 0n),
    'f.credit_minor': creditMinor,
    'f.open_items': owing.length,
    'f.oldest_open_due_on': least(dues),
    'f.oldest_open_issued_on': least(owing.map(({ one }) => one.item.issuedOn)),
    'f.newest_open_due_on': dues.reduce<CalendarDate | null>((a, b) => (a && a > b ? a : b), null),
    'f.promise_due_on': least(promised),
    'f.promises_kept': live.kept,
    'f.promises_broken': live.broken,
    'f.last_contact_at': live.lastContact,
    'f.last_paid_on': live.lastPaidOn,
    'f.paid_minor': live.paidMinor,
    'f.settled_items': live.settled,
    'f.settled_days_late': live.settledDaysLate,
    's.stage': live.position?.stage ?? null,
    's.version_id': live.position?.versionId ?? null,
  };
}

function worldOf({ window, zone, reporting, rates }: Scenario, day: number): RuleWorld {
  return { at: new Date(window.runs[day] ?? 0), asOf: window.days[day] as CalendarDate, zone, reporting, rates };
}

/** The next day on which something may change for the account; the length of the window when nothing does. */
function nextWake(live: Live, scenario: Scenario, day: number): number {
  const { window, choices } = scenario;
  const end = window.days.length;
  let wake = end;
  const consider = (at: number) => {
    if (at > day && at < wake) wake = at;
  };
  const choice = choices[day] as Choice;
  const ruled = !isFixed(choice);
  // What changed today may lead a rule to something else tomorrow.
  if (live.stirred) consider(day + 1);
  live.stirred = false;
  for (let next = day + 1; next < wake; next += 1) if (choices[next] !== choice) consider(next);
  const at = window.runs[day] ?? 0;
  const boundary = (instant: number | null) => {
    if (instant !== null && instant > at) consider(dayOfInstant(window, instant));
  };
  const spans = (list: readonly { readonly from: number; readonly to: number | null }[]) => {
    for (const { from, to } of list) {
      boundary(from);
      boundary(to);
    }
  };
  const { account } = live;
  for (const list of [account.holds, account.ceases, account.optOuts, account.stops]) spans(list);
  for (const amount of account.credits) boundary(amount.from);
  for (const held of live.promises) {
    if (held.state !== 'open') continue;
    if (held.promise.judged) boundary(held.promise.judged.at);
    // The client's calendar may be a day ahead of the tenant's, or behind it.
    else for (const late of [0, 1, 2]) consider(dayNumber(window, held.promise.lastDay) + late);
  }
  for (const plan of live.plans) if (!plan.asked) consider(dayOfInstant(window, plan.notBefore, 'ends'));
  for (const one of live.items) {
    if (one.paidOn !== null) continue;
    for (const amount of one.item.amounts) boundary(amount.from);
    spans(one.item.covers);
    for (const step of stepDaysOf(choice)) consider(one.due + step);
  }
  if (ruled) considerRules(live, scenario, day, choice, consider);
  scheduleMoney(live, scenario, day, wake);
  for (const one of live.items) if (one.payOn < wake) wake = one.payOn;
  return wake;
}

const stepDays = new WeakMap<Choice, readonly number[]>();
function stepDaysOf(choice: Choice): readonly number[] {
  let days = stepDays.get(choice);
  if (days === undefined) {
    days = [
      ...new Set(choice.ladder.versions.flatMap(({ definition }) => definition.steps.map((step) => step.day))),
    ].sort((a, b) => a - b);
    stepDays.set(choice, days);
  }
  return days;
}

const conditions = new WeakMap<Choice, ReturnType<typeof conditionsOf>>();

/** Days on which a condition turns, and those on which the account comes to another stage, which a rule sees the day after. */
function considerRules(
  live: Live,
  scenario: Scenario,
  day: number,
  choice: Choice,
  consider: (day: number) => void,
): void {
  let asked = conditions.get(choice);
  if (asked === undefined) {
    asked = conditionsOf(choice);
    conditions.set(choice, asked);
  }
  const at = scenario.window.runs[day] ?? 0;
  const owing = live.items.flatMap((one) => {
    const openMinor = openAt(one, at);
    return openMinor > 0n ? [{ one, openMinor }] : [];
  });
  const anchors = anchorsOf(live, owing, 0n);
  const world = worldOf(scenario, day);
  for (const condition of asked)
    for (const turning of turningDays(condition, anchors, world)) consider(dayNumber(scenario.window, turning));
  for (const { one } of owing)
    for (const { definition } of choice.ladder.versions)
      for (const { fromDay } of definition.stages) {
        consider(one.due + fromDay);
        consider(one.due + fromDay + 1);
      }
}

/** Draws for every open item from the day after `day` up to `until`; the first that comes up is when it is paid. */
function scheduleMoney(live: Live, { window, behaviour }: Scenario, day: number, until: number): void {
  if (!behaviour) return;
  const to = Math.min(until, window.days.length - 1);
  for (const one of live.items) {
    one.payOn = never;
    if (one.paidOn !== null) continue;
    for (let next = day + 1; next <= to; next += 1) {
      if (draw(one.draws, window.base + next) >= chanceOf(behaviour, next - one.due, one.contacts)) continue;
      one.payOn = next;
      break;
    }
  }
}
