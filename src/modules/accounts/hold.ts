import type { Id } from '../../kernel/ids.ts';

export const holdReasons = [
  'dispute',
  'promise',
  'plan',
  'hardship',
  'bankruptcy',
  'deceased',
  'legal',
  'query',
  'manual',
  'unmatched_cash',
  'cease',
] as const;
export type HoldReason = (typeof holdReasons)[number];

export const holdEffects = ['stop_automatic', 'stop_contact', 'stop_interest', 'stop_fees', 'stop_legal'] as const;
export type HoldEffect = (typeof holdEffects)[number];

/** What a hold covers: every account of a person, one account, or some of its items. */
export type HoldCoverage =
  | { readonly coverage: 'party'; readonly clusterId: Id<'cluster'> }
  | { readonly coverage: 'account'; readonly accountId: Id<'account'> }
  | { readonly coverage: 'items'; readonly accountId: Id<'account'>; readonly itemIds: readonly Id<'item'>[] };

export type NewHold = HoldCoverage & {
  readonly reason: HoldReason;
  readonly effects: readonly HoldEffect[];
  /** Default: `ctx.at`. */
  readonly from?: Date | undefined;
  /** First instant it no longer holds; none: until released. */
  readonly to?: Date | null | undefined;
  readonly note?: string | null | undefined;
  /** What placed it: a screen, a promise, a dispute. */
  readonly source: { readonly kind: string; readonly id?: string | null };
};

export type Hold = {
  readonly id: Id<'hold'>;
  readonly reason: HoldReason;
  readonly effects: readonly HoldEffect[];
  readonly coverage: 'party' | 'account' | 'items';
  readonly clusterId: Id<'cluster'>;
  readonly accountId: Id<'account'> | null;
  /** Empty unless coverage is `items`. */
  readonly itemIds: readonly Id<'item'>[];
  readonly effectiveFrom: Date;
  readonly effectiveTo: Date | null;
  readonly releasedAt: Date | null;
  readonly note: string | null;
  readonly sourceKind: string;
  readonly sourceId: string | null;
  readonly placedBy: string;
  readonly rowVersion: bigint;
};
