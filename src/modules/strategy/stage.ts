/** Where an account stands in its treatment; `legal` is set by people, the others by the age of its oldest open item. */
export const stages = ['pre_due', 'early', 'mid', 'late', 'legal'] as const;
export type Stage = (typeof stages)[number];
