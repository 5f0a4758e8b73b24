import type { Output } from '../../kit/operations.ts';
import { Tag } from '../../kit/states.tsx';
import { outcomeWords } from '../../kit/why-card.tsx';

type Permit = Output<'listPermits'>['rows'][number];

export function DecisionTag({ permit }: { readonly permit: Pick<Permit, 'decision' | 'overrideId'> }) {
  if (permit.overrideId !== null) return <Tag tone="info">Overridden</Tag>;
  return <Tag tone={outcomeWords[permit.decision].tone}>{outcomeWords[permit.decision].label}</Tag>;
}
