import type { IconName } from '../../kit/icons.tsx';

/** What a step does, as the designer offers it. A word that is not here is shown as it is. */
export const actionWords: Readonly<Record<string, { readonly label: string; readonly icon: IconName }>> = {
  email: { label: 'E-mail', icon: 'outbox' },
  call_task: { label: 'Call', icon: 'call' },
  escalation: { label: 'Escalation to a manager', icon: 'up' },
  specialist_task: { label: 'Task for specialists', icon: 'user' },
  legal_review: { label: 'Legal review', icon: 'lock' },
  hold: { label: 'Hold for some days', icon: 'hold' },
};

export const levelWords = [
  '0 · Before it is due',
  '1 · First reminder',
  '2 · Second reminder',
  '3 · Third reminder',
  '4 · Demand for payment',
  '5 · Final notice',
] as const;

export const eventChoices = [
  { value: 'payment', label: 'Paid all that was due' },
  { value: 'part_payment', label: 'Paid a part' },
  { value: 'reply', label: 'Replied' },
  { value: 'dispute_opened', label: 'Dispute opened' },
  { value: 'dispute_closed', label: 'Dispute closed' },
  { value: 'promise_kept', label: 'Promise kept' },
  { value: 'promise_broken', label: 'Promise broken' },
  { value: 'bounce', label: 'E-mail bounced' },
  { value: 'wrong_number', label: 'Wrong number' },
  { value: 'portal_visit', label: 'Visited the portal' },
];

export const takeovers = [
  {
    value: 'at_once',
    label: 'All of them, at once',
    help: 'From that day on every account follows the new version. What an account has had already is not sent again.',
  },
  {
    value: 'next_stage',
    label: 'When they come to another stage',
    help: 'An account stays with its version until it moves, say, from early to mid.',
  },
  {
    value: 'new_accounts',
    label: 'Only accounts that are new',
    help: 'Accounts finish with the version they began with.',
  },
] as const;

export function dayWords(day: number): string {
  const days = Math.abs(day);
  if (day === 0) return 'on the due date';
  return `${days} ${days === 1 ? 'day' : 'days'} ${day < 0 ? 'before' : 'after'} the due date`;
}

export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
