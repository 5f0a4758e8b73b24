import { addDays, type CalendarDate, daysBetween } from '../../kernel/calendar.ts';
import {
  type Action,
  actions,
  asksAPerson,
  stageAt,
  type Step,
  stepAfter,
  stepAt,
  stepCount,
  type StrategyDefinition,
  type StrategyEvent,
} from './definition.ts';
import type { Stage } from './stage.ts';
import { type AccountStop, accountStops, type NonActionReason, nonActionReasons } from './reasons.ts';

/** An open item that owes (open amount above zero), as the rule sees it. */
export type ItemPicture = {
  readonly itemId: string;
  readonly dueOn: CalendarDate;
  readonly openMinor: bigint;
  /** Trigger day of the furthest step taken for it; null for none. */
  readonly reachedDay: number | null;
  /** What keeps it out of every notice and task now. */
  readonly cover: 'hold' | 'promise' | null;
};

/** A reaction that is due for an event of an account and has not been carried out. */
export type DueReaction = {
  readonly eventId: string;
  readonly kind: StrategyEvent;
  readonly occurredAt: Date;
  readonly key: string;
  readonly action: Action;
  readonly level: number;
  /** Place in the definition: of two on one level the earlier one speaks. */
  readonly place: number;
};

/** Everything the rule looks at for one account. Amounts in minor units of the account's currency. */
export type AccountPicture = {
  readonly items: readonly ItemPicture[];
  /** Open credit notes and unapplied receipts, as a positive amount. */
  readonly creditMinor: bigint;
  readonly state: string;
  readonly stops: ReadonlySet<AccountStop>;
  readonly assigned: boolean;
  readonly emailOptOut: boolean;
  readonly hasEmail: boolean;
  /** A notice planned for this day has already left the planned state. */
  readonly noticedToday: boolean;
  /** Plans of earlier that nobody has carried out yet: a new plan of that action takes over from them. */
  readonly pending: Readonly<Partial<Record<Action, { readonly level: number; readonly stepKey: string }>>>;
  /** What is due by events and has not been carried out. */
  readonly reactions: readonly DueReaction[];
};

export type PlannedAct = {
  readonly action: Action;
  readonly stepKey: string;
  readonly level: number;
  readonly fires: readonly string[];
  /** The events it answers. */
  readonly answers: readonly string[];
};

/** What the strategy says about one account on one day. `nextStepOn` is null when nothing comes by time alone. */
export type Verdict = {
  readonly outcome: 'act' | 'wait' | 'stop';
  readonly reasonCode: NonActionReason | (string & {});
  readonly stage: Stage;
  readonly daysPastDue: number | null;
  readonly claimedMinor: bigint;
  readonly plans: readonly PlannedAct[];
  /** Why a notice that was due is left out although a task is made. */
  readonly withheld: NonActionReason | null;
  readonly skippedLevels: number;
  readonly nextStepOn: CalendarDate | null;
};

type Firing = { readonly item: ItemPicture; readonly step: Step };

/**
 * The rule for one account, pure. The set-based run (run-items.sql.ts, run-accounts.sql.ts) computes the same in SQL;
 * a property test holds them together.
 */
export function evaluate(picture: AccountPicture, strategy: StrategyDefinition, asOf: CalendarDate): Verdict {
  const { items } = picture;
  const age = (item: ItemPicture) => daysBetween(item.dueOn, asOf);
  const daysPastDue = items.length === 0 ? null : Math.max(...items.map(age));
  const stage = picture.state === 'legal' ? 'legal' : stageAt(strategy, daysPastDue);

  const due = items.flatMap((item): Firing[] => {
    const step = stepAt(strategy, age(item));
    return step ? [{ item, step }] : [];
  });
  const claimed = due.filter(({ item }) => item.cover === null);
  const claimedMinor = claimed.reduce((total, { item }) => total + item.openMinor, 0n);
  const wouldFire = due.filter(({ item, step }) => item.reachedDay === null || step.day > item.reachedDay);
  const firing = wouldFire.filter(({ item }) => item.cover === null);
  const shared = { stage, daysPastDue, claimedMinor };

  const stop = accountStop(picture, claimedMinor);
  const mailBlock = stop ? null : noticeBlock(picture, strategy);
  const reactions = permittedReactions(picture, { stop, mailBlock, claimedMinor });
  if (stop && reactions.length === 0) return leaveAlone(stop, shared, null);

  const allowed = stop ? [] : firing.filter(({ step }) => step.action !== 'email' || mailBlock === null);
  const withheld = !stop && (allowed.length < firing.length || mailDue(picture)) ? mailBlock : null;
  const nextStepOn = stop ? null : nextDate(items, strategy, asOf);
  if (allowed.length === 0 && reactions.length === 0)
    return leaveAlone(withheld ?? quietReason(claimed.length > 0 ? wouldFire : due, claimed), shared, nextStepOn);

  return {
    ...shared,
    outcome: 'act',
    reasonCode: furthest(allowed)?.step.key ?? reactions[0]?.key ?? '',
    plans: actions.flatMap((action) => planOf(action, allowed, reactions, picture.pending[action])),
    withheld,
    skippedLevels: allowed.reduce(
      (total, { item, step }) => total + stepCount(strategy, step.day) - stepCount(strategy, item.reachedDay) - 1,
      0,
    ),
    nextStepOn,
  };
}

function accountStop(picture: AccountPicture, claimedMinor: bigint): NonActionReason | null {
  if (picture.items.length === 0) return 'nothing_open';
  const stop = accountStops.find((one) => picture.stops.has(one));
  if (stop) return stop;
  const covered = claimedMinor > 0n && picture.creditMinor >= claimedMinor;
  return covered ? 'credit_covers' : null;
}

/**
 * The reactions an account may have, the one that speaks for all first. As with steps, but that a hold on contact does not keep a person from
 * being asked, and that what is to be about open items needs one that nothing covers.
 */
function permittedReactions(
  { reactions, stops, items, creditMinor }: AccountPicture,
  { stop, mailBlock, claimedMinor }: { stop: NonActionReason | null; mailBlock: unknown; claimedMinor: bigint },
): readonly DueReaction[] {
  const onlyHeld = stop === 'hold' && stops.size === 1 && !(claimedMinor > 0n && creditMinor >= claimedMinor);
  const speaksOf = items.some((item) => item.cover === null);
  return reactions
    .filter(({ action }) =>
      asksAPerson.includes(action)
        ? stop === null || onlyHeld
        : stop === null && speaksOf && (action !== 'email' || mailBlock === null),
    )
    .toSorted((a, b) => b.level - a.level || a.place - b.place || (a.eventId < b.eventId ? -1 : 1));
}

/** Whether an event calls for a notice that there is something to say in. */
const mailDue = ({ reactions, items }: AccountPicture): boolean =>
  reactions.some(({ action }) => action === 'email') && items.some((item) => item.cover === null);

function noticeBlock(picture: AccountPicture, strategy: StrategyDefinition): NonActionReason | null {
  if (picture.assigned && strategy.whenAssigned === 'withhold_notices') return 'assigned_collector';
  if (picture.emailOptOut) return 'opt_out';
  if (!picture.hasEmail) return 'no_contact_point';
  return picture.noticedToday ? 'already_today' : null;
}

/** `stopped`: what would fire were it not covered; all that is due, when everything is covered. */
function quietReason(stopped: readonly Firing[], claimed: readonly Firing[]): NonActionReason {
  if (stopped.some(({ item }) => item.cover === 'hold')) return 'hold';
  if (stopped.some(({ item }) => item.cover === 'promise')) return 'promise';
  return claimed.length > 0 ? 'already_at_level' : 'not_due';
}

function leaveAlone(
  reasonCode: NonActionReason,
  shared: Pick<Verdict, 'stage' | 'daysPastDue' | 'claimedMinor'>,
  nextStepOn: CalendarDate | null,
): Verdict {
  const { outcome } = nonActionReasons[reasonCode];
  return { ...shared, outcome, reasonCode, plans: [], withheld: null, skippedLevels: 0, nextStepOn };
}

const furthest = (firings: readonly Firing[]): Firing | undefined =>
  firings.toSorted((a, b) => b.step.day - a.step.day)[0];

function planOf(
  action: Action,
  allowed: readonly Firing[],
  reactions: readonly DueReaction[],
  before: AccountPicture['pending'][Action],
): PlannedAct[] {
  const mine = allowed.filter(({ step }) => step.action === action);
  const answering = reactions.filter((one) => one.action === action);
  const [step, reaction] = [furthest(mine)?.step, answering[0]];
  // The firmer of the two speaks, the step when they are even; a plan not carried out yet keeps firmer words.
  const speaks = step && !(reaction && reaction.level > step.level) ? step : reaction;
  if (!speaks) return [];
  const from = before && before.level > speaks.level ? before : { level: speaks.level, stepKey: speaks.key };
  return [
    {
      action,
      ...from,
      fires: mine.map(({ item }) => item.itemId).toSorted(),
      answers: answering.map((one) => one.eventId).toSorted(),
    },
  ];
}

function nextDate(
  items: readonly ItemPicture[],
  strategy: StrategyDefinition,
  asOf: CalendarDate,
): CalendarDate | null {
  const dates = items
    .filter((item) => item.cover === null)
    .flatMap((item) => {
      const step = stepAfter(strategy, Math.max(daysBetween(item.dueOn, asOf), item.reachedDay ?? -Infinity));
      return step ? [addDays(item.dueOn, step.day)] : [];
    });
  return dates.toSorted()[0] ?? null;
}
