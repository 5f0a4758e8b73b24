import { addDays, type CalendarDate, daysBetween } from '../../kernel/calendar.ts';

/** Ageing by days past due: not yet past, 1-30, 31-60, 61-90, more than 90. */
export const buckets = ['not_due', '1_30', '31_60', '61_90', '90_plus'] as const;
export type Bucket = (typeof buckets)[number];

const oldest: Readonly<Record<Bucket, number>> = {
  not_due: 0,
  '1_30': 30,
  '31_60': 60,
  '61_90': 90,
  '90_plus': Infinity,
};

/** The bucket of something due on a day, as of another. The due day itself is not past due. */
export function bucketOf(dueOn: CalendarDate, on: CalendarDate): Bucket {
  const late = daysBetween(dueOn, on);
  return buckets.find((bucket) => late <= oldest[bucket]) ?? '90_plus';
}

/** Due days of a bucket as of a day, both ends included; null: no end. */
export function dueDaysOf(
  bucket: Bucket,
  on: CalendarDate,
): { readonly from: CalendarDate | null; readonly to: CalendarDate | null } {
  const index = buckets.indexOf(bucket);
  const before = buckets[index - 1];
  return {
    from: bucket === '90_plus' ? null : addDays(on, -oldest[bucket]),
    to: before === undefined ? null : addDays(on, -oldest[before] - 1),
  };
}
