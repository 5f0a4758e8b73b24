import type { Id } from '../../kernel/ids.ts';

/** Accounts of one person worked together, by one collector at a time. */
export type Case = {
  readonly id: Id<'case'>;
  readonly clusterId: Id<'cluster'>;
  readonly assignedTo: Id<'user'> | null;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly closeReason: string | null;
  readonly rowVersion: bigint;
};

export type CaseEventKind = 'opened' | 'added' | 'removed' | 'assigned' | 'closed' | 'reopened';

/** More accounts than this are not one person's to be worked together. */
export const mostInCase = 200;
