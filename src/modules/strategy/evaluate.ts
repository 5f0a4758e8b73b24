import { addDays, type CalendarDate, daysBetween } from '../../kernel/calendar.ts';
import {
  type Action,
  actions,
  stageAt,
  type Step,
  stepAfter,
  stepAt,
  stepCount,
  type StrategyDefinition,
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
};

export type PlannedAct = {
  readonly action: Action;
  readonly stepKey: string;
  readonly level: number;
  readonly fires: readonly string[];
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
  if (stop) return leaveAlone(stop, shared, null);

  const mailBlock = noticeBlock(picture, strategy);
  const allowed = firing.filter(({ step }) => step.action !== 'email' || mailBlock === null);
  const withheld = allowed.length < firing.length ? mailBlock : null;
  const nextStepOn = nextDate(items, strategy, asOf);
  if (allowed.length === 0)
    return leaveAlone(withheld ?? quietReason(claimed.length > 0 ? wouldFire : due, claimed), shared, nextStepOn);

  const top = allowed.reduce((highest, one) => (one.step.day > highest.step.day ? one : highest));
  return {
    ...shared,
    outcome: 'act',
    reasonCode: top.step.key,
    plans: actions.flatMap((action) => planOf(action, allowed, picture)),
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

function planOf(action: Action, allowed: readonly Firing[], picture: AccountPicture): PlannedAct[] {
  const mine = allowed.filter(({ step }) => step.action === action);
  if (mine.length === 0) return [];
  const top = mine.reduce((highest, one) => (one.step.day > highest.step.day ? one : highest)).step;
  const before = picture.pending[action];
  const from = before && before.level > top.level ? before : { level: top.level, stepKey: top.key };
  return [{ action, ...from, fires: mine.map(({ item }) => item.itemId).toSorted() }];
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
