import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type CalendarDate, parseCalendarDate } from '../../../kernel/calendar.ts';

const date = z.string().refine((text) => parseCalendarDate(text).ok, 'There is no such day.');
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

const termsSchema = z.strictObject({
  key: z.string(),
  version: z.string(),
  effectiveFrom: date,
  effectiveTo: date.nullable(),
  citation: z.string(),
  confidence: z.string(),
  countries: z.array(z.string().length(2)),
  validation: validationTermsSchema,
  verification: z.strictObject({ rulePlainly: z.string(), answerWithinDays: days }),
});

export type HolidayRule = z.infer<typeof holiday>;
export type ValidationTerms = z.infer<typeof validationTermsSchema>;
/** What a notice was reckoned by: dated, cited data. */
export type NoticeTerms = z.infer<typeof termsSchema>;

const shipped = z
  .array(termsSchema)
  .min(1)
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'notice-terms.json'), 'utf8')));

/** The terms in force on a day; null on a day before any. */
export function noticeTermsOn(on: CalendarDate): NoticeTerms | null {
  return (
    shipped.find((terms) => terms.effectiveFrom <= on && (terms.effectiveTo === null || on < terms.effectiveTo)) ?? null
  );
}
