import { z } from 'zod';
import { type CalendarDate, calendarDate } from '../../kernel/calendar.ts';
import {
  type LimitationGiven,
  type LimitationRegime,
  reckonLimitation,
  type Reckoning,
} from './computations/limitation.ts';
import { itemizationDateKinds } from './notices/itemization.ts';
import type { RuleBook } from './rule-book.ts';

const day = z.iso.date().transform((text): CalendarDate => calendarDate(text));
const minor = z.string().regex(/^\d{1,18}$/);

/** What a creditor's file says of a debt; amounts in minor units. Members it does not know are absent. */
export const particularsSchema = z.object({
  product: z.string().optional(),
  originalCreditor: z.string().optional(),
  itemizedCreditor: z.string().optional(),
  itemization: z
    .object({
      on: day,
      kind: z.enum(itemizationDateKinds),
      amountOnItemizationDate: minor,
      interest: minor,
      fees: minor,
      payments: minor,
      credits: minor,
    })
    .optional(),
  lastPaidOn: day.optional(),
  defaultedOn: day.optional(),
  chargedOffOn: day.optional(),
  contract: z.enum(['written', 'oral', 'promissory', 'open_ended', 'deed']).optional(),
  contractedOn: day.optional(),
  /** `US-CA`, `UK-ENG`: whose law governs the contract. */
  governing: z.string().optional(),
  judgmentOn: day.optional(),
  lastDayToSue: day.optional(),
});
export type DebtParticulars = z.output<typeof particularsSchema>;

const american = {
  written: 'WRITTEN',
  oral: 'ORAL',
  promissory: 'PROMISSORY',
  open_ended: 'OPEN-ENDED',
  deed: 'WRITTEN',
} as const;

function regimeOf({ governing, contract }: DebtParticulars): string | null {
  if (governing === undefined || contract === undefined) return null;
  if (governing.startsWith('US-')) return `${governing}-${american[contract]}`;
  if (governing === 'UK-SCT') return 'UK-SCT';
  if (contract === 'deed') return 'UK-DEED';
  return governing === 'UK-NIR' ? 'UK-NI-SIMPLE-CONTRACT' : 'UK-EW-SIMPLE-CONTRACT';
}

/**
 * The last day to sue from what a file says, or null where it does not say enough: then nobody knows, and what a time-bar could forbid is
 * denied. Counted from the default; without one from the last payment, which lies before it, so that the day is never too late. After a
 * judgment the contract's period no longer tells.
 */
export function limitationFrom(
  said: DebtParticulars,
  regimes: readonly LimitationRegime[],
  book: RuleBook,
  on: CalendarDate,
): Reckoning | null {
  const reckon = (given: LimitationGiven): Reckoning | null => {
    const reckoned = reckonLimitation(given, book, on);
    return reckoned.ok ? reckoned.value : null;
  };
  if (said.lastDayToSue !== undefined)
    return reckon({ kind: 'stated', lastDay: said.lastDayToSue, basis: 'as the creditor’s file states it' });
  const accruedOn = said.defaultedOn ?? said.lastPaidOn;
  const name = regimeOf(said);
  const regime = regimes.find((one) => one.regime === name);
  if (said.judgmentOn !== undefined || accruedOn === undefined || regime === undefined) return null;
  const given = { kind: 'regime', regime: regime.regime, accruedOn } as const;
  const restartedOn =
    regime.restarts && said.lastPaidOn !== undefined && said.lastPaidOn > accruedOn ? said.lastPaidOn : null;
  // A payment after the period had ended revives nothing.
  return (restartedOn === null ? null : reckon({ ...given, restartedOn })) ?? reckon(given);
}
