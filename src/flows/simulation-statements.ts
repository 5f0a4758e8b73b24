import type { SimulationReport } from './simulation-report.ts';

/** What a reader of the report has to know: what is exact in it, what is an estimate, what is supposed. */
export function statementsOf(report: Omit<SimulationReport, 'statements'>): string[] {
  const { assumptions, behaviour } = report;
  return [
    'Contacts, tasks and what the rules refuse are exact for what is supposed here: they come from the rule that the daily run follows and the gate that every contact passes.',
    report.replay
      ? 'The money that came in these days is the money that really came, whatever the treatment: what another treatment would have brought is not known, so no cash is estimated.'
      : behaviour
        ? 'Cash is only a bounded estimate. The lower bound is what comes when nobody is approached any more, the upper bound what comes when people pay as the table says; both by the same draws. What really comes may lie outside if people pay in another way.'
        : 'Nobody is taken to pay, so cash is not estimated and contacts are the most there can be.',
    assumptions.tasks === 'worked'
      ? 'Every call task is called on its day where the law lets it, without reaching anybody; every escalation is decided on its day.'
      : 'Nobody works the tasks.',
    ...(report.replay
      ? [
          'Items, money, holds, promises and wishes are as they became known; no history is kept of collectors, addresses, marks and the freshness of files, which are as they are now. Nothing is taken to have been planned before the first day.',
        ]
      : [
          'Nothing else changes: no new items, disputes, promises or wishes; files of clients come as they are agreed; holds end on their day, open promises are judged on theirs.',
        ]),
    'People in an experiment are treated as its champion treats them. What a strategy answers to events, and the budgets of a day, are left out.',
    `Contacts go at 10:00, 14:00 and 18:00 of the tenant's day, the run comes at the first.`,
  ];
}
