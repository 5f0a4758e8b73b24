import { type CalendarDate, calendarDate } from '../../../kernel/calendar.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import type { RuleBook } from '../rule-book.ts';
import { lastDayToSue } from './periods.ts';

/** One period after which suit can no longer be brought, with the law it comes from. */
export type LimitationRegime = {
  readonly regime: string;
  readonly years: number;
  /** Counted from the end of the year of accrual. */
  readonly fromYearEnd: boolean;
  /** A signed acknowledgment or a part payment starts it anew. */
  readonly restarts: boolean;
  readonly jurisdiction: string;
  readonly ruleId: string;
  readonly citation: string;
};

/** The limitation periods of the book in force on a day, by name. */
export function limitationRegimes(book: RuleBook, on: string): LimitationRegime[] {
  return book.packs
    .flatMap((pack) => pack.rules)
    .flatMap((rule): LimitationRegime[] => {
      if (rule.kind !== 'computation' || rule.confidence === 'U' || rule.effectiveFrom > on) return [];
      if (rule.effectiveTo !== undefined && on >= rule.effectiveTo) return [];
      const { years } = rule.parameters;
      if (typeof years !== 'object' || Array.isArray(years)) return [];
      return Object.entries(years).map(([regime, count]) => ({
        regime,
        years: count,
        fromYearEnd: rule.parameters['fromYearEnd'] === true,
        restarts: rule.parameters['restarts'] === true,
        jurisdiction: rule.jurisdiction,
        ruleId: rule.id,
        citation: rule.citation,
      }));
    })
    .sort((a, b) => (a.regime < b.regime ? -1 : 1));
}

/** How the last day to sue came to be known. */
export type LimitationGiven =
  | {
      readonly kind: 'regime';
      readonly regime: string;
      readonly accruedOn: string;
      readonly restartedOn?: string | null;
    }
  | { readonly kind: 'stated'; readonly lastDay: string; readonly basis: string }
  | { readonly kind: 'none'; readonly basis: string };

export type Reckoning = {
  /** Null: no period runs. */
  readonly lastDay: CalendarDate | null;
  /** All that the day was reckoned from, to be kept beside it. */
  readonly reckoning: Readonly<Record<string, string | number | boolean | null>>;
};

/** Reckons the last day to sue and keeps how. Refuses: `unknown_regime` by name; `invalid` for an order of days that cannot be. */
export function reckonLimitation(
  given: LimitationGiven,
  book: RuleBook,
  on: CalendarDate,
): Result<Reckoning, 'unknown_regime' | 'invalid'> {
  if (given.kind === 'none') return ok({ lastDay: null, reckoning: { kind: 'none', basis: given.basis } });
  if (given.kind === 'stated') {
    const lastDay = calendarDate(given.lastDay);
    return ok({ lastDay, reckoning: { kind: 'stated', basis: given.basis, lastDay } });
  }
  const regimes = limitationRegimes(book, on);
  const regime = regimes.find((one) => one.regime === given.regime);
  if (regime === undefined)
    return refuse('unknown_regime', `No rule in force has a limitation period "${given.regime.slice(0, 60)}".`, {
      'limitation.regime':
        regimes.length === 0 ? 'The packs hold no limitation period; state the day.' : 'Choose one from the list.',
    });
  const accruedOn = calendarDate(given.accruedOn);
  const restartedOn = given.restartedOn ? calendarDate(given.restartedOn) : null;
  if (accruedOn > on || (restartedOn !== null && restartedOn > on))
    return refuse('invalid', 'A period cannot have begun in the future.', {
      'limitation.accruedOn': 'Give the day on which the claim arose.',
    });
  if (restartedOn !== null && !regime.restarts)
    return refuse(
      'invalid',
      `Under ${regime.citation} nothing is known to start the period of ${regime.regime} anew.`,
      {
        'limitation.restartedOn': 'Leave this empty, or state the day with counsel’s basis.',
      },
    );
  const { years, fromYearEnd } = regime;
  const unbroken = lastDayToSue(accruedOn, years, fromYearEnd);
  // An acknowledgment after the end revives nothing.
  if (restartedOn !== null && (restartedOn < accruedOn || restartedOn > unbroken))
    return refuse('invalid', 'What starts a period anew must lie inside it.', {
      'limitation.restartedOn': `The period ran from ${accruedOn} to ${unbroken}.`,
    });
  const lastDay = lastDayToSue(accruedOn, years, fromYearEnd, restartedOn === null ? [] : [restartedOn]);
  const { regime: name, ruleId, citation } = regime;
  return ok({
    lastDay,
    reckoning: { kind: 'regime', regime: name, accruedOn, restartedOn, years, fromYearEnd, ruleId, citation, lastDay },
  });
}
