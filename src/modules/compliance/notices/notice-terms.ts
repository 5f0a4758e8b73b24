import { z } from 'zod';
import type { CalendarDate } from '../../../kernel/calendar.ts';
import type { RuleBook } from '../rule-book.ts';
import countedDays from './counted-days.json' with { type: 'json' };

const month = z.int().min(1).max(12);
const holiday = z.union([
  z.strictObject({ name: z.string(), month, day: z.int().min(1).max(31) }),
  z.strictObject({
    name: z.string(),
    month,
    /** 1 = Monday … 7 = Sunday. */
    weekday: z.int().min(1).max(7),
    /** Counted from the beginning of the month, or from its end when negative. */
    nth: z.int().min(-5).max(5),
  }),
]);
const days = z.int().min(0).max(365);

/** The counting rules of a validation period, as they stand in a rule's parameters. */
export const validationTermsSchema = z.strictObject({
  sendWithinDays: days,
  assumedReceiptDays: days,
  periodDays: days,
  skippedWeekdays: z.array(z.int().min(1).max(7)).max(6),
  holidays: z.array(holiday),
});

const countingSchema = z.strictObject({
  countries: z.array(z.string().length(2)),
  skippedWeekdays: z.array(z.int().min(1).max(7)).max(6),
  holidays: z.array(holiday),
  verification: z.strictObject({ rulePlainly: z.string(), answerWithinDays: days }),
});

export type HolidayRule = z.infer<typeof holiday>;
export type ValidationTerms = z.infer<typeof validationTermsSchema>;
/** What a notice was reckoned by: the rule in force that day, and the days that are not counted. */
export type NoticeTerms = {
  readonly key: string;
  readonly version: string;
  readonly effectiveFrom: string;
  readonly effectiveTo: string | null;
  readonly citation: string;
  readonly confidence: string;
  readonly countries: readonly string[];
  readonly validation: ValidationTerms;
  readonly verification: { readonly rulePlainly: string; readonly answerWithinDays: number };
};

const counting = countingSchema.parse(countedDays);
const { countries, skippedWeekdays, holidays, verification } = counting;
const periodSchema = z.object({ countedDays: days, periodDays: days, sendWithinDays: days });

/** The terms of the rules in force on a day: the computation that gives the days of sending, receipt and period. Null on a day before any. */
export function noticeTermsOn({ packs }: Pick<RuleBook, 'packs'>, on: CalendarDate): NoticeTerms | null {
  for (const pack of packs) {
    for (const rule of pack.rules) {
      if (rule.kind !== 'computation' || rule.confidence === 'U' || rule.effectiveFrom > on) continue;
      if (rule.effectiveTo !== undefined && on >= rule.effectiveTo) continue;
      const read = periodSchema.safeParse(rule.parameters);
      if (!read.success) continue;
      const { sendWithinDays, countedDays: assumedReceiptDays, periodDays } = read.data;
      return {
        key: rule.part === undefined ? rule.id : `${rule.id}/${rule.part}`,
        version: pack.version,
        effectiveFrom: rule.effectiveFrom,
        effectiveTo: rule.effectiveTo ?? null,
        citation: rule.citation,
        confidence: rule.confidence,
        countries,
        validation: { sendWithinDays, assumedReceiptDays, periodDays, skippedWeekdays, holidays },
        verification,
      };
    }
  }
  return null;
}
