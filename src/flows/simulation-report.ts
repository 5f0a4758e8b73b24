import type { CalendarDate } from '../kernel/calendar.ts';
import type {
  Assumptions,
  BehaviourTable,
  Difference,
  DueContact,
  GateAnswer,
  Teller,
} from '../modules/strategy/public.ts';

/** What one day of a simulation comes to. */
export type SimulatedDay = {
  readonly on: CalendarDate;
  /** Notices the strategy plans, and those that go: the law lets them, and no other stands in their way. */
  readonly noticesPlanned: number;
  readonly emails: number;
  readonly callTasks: number;
  /** Calls the law lets a collector make. */
  readonly calls: number;
  readonly escalations: number;
  /** Contacts refused, and put off to another day. */
  readonly refused: number;
  readonly putOff: number;
  /** In the reporting currency. */
  readonly cost: number;
  /** Calls that are waiting at the end of the day, where the calls a day are stated. */
  readonly backlog: number | null;
};

/** What a rule would refuse or put off. */
export type RuleEffect = {
  readonly ruleId: string;
  readonly citation: string;
  /** Of the first contact it met; empty where it would name an account. */
  readonly sentence: string;
  readonly refused: number;
  readonly putOff: number;
  /** Put off to a later hour of the same day. */
  readonly laterThatDay: number;
};

export type CashBounds = { readonly currency: string; readonly lowMinor: bigint; readonly highMinor: bigint };

export type SideKey = 'simulated' | 'compared' | 'today';
export type SideReport = {
  readonly key: SideKey;
  readonly label: string;
  readonly days: readonly SimulatedDay[];
  readonly totals: Omit<SimulatedDay, 'on' | 'backlog'>;
  readonly rules: readonly RuleEffect[];
  readonly cash: readonly CashBounds[];
  /** Accounts treated differently than today, by kind; null for today's own side. */
  readonly different: Readonly<Record<Difference['kind'], number>> | null;
};

export type SimulationReport = {
  readonly from: CalendarDate;
  readonly through: CalendarDate;
  readonly replay: boolean;
  readonly seed: string;
  readonly accounts: number;
  readonly currency: string;
  readonly assumptions: Assumptions;
  /** The behaviour that was used, when one was. */
  readonly behaviour: BehaviourTable | null;
  readonly sides: readonly SideReport[];
  /** What is exact in it, what is estimated and what is supposed; in sentences. */
  readonly statements: readonly string[];
};

type Counts = { -readonly [K in keyof Omit<SimulatedDay, 'on' | 'cost' | 'backlog'>]: number };
const fresh = (): Counts => ({
  noticesPlanned: 0,
  emails: 0,
  callTasks: 0,
  calls: 0,
  escalations: 0,
  refused: 0,
  putOff: 0,
});

/** Counts one side while its clusters are walked; holds a row a day and a row a rule, whatever the size of the portfolio. */
export function countSide(days: readonly CalendarDate[]) {
  const counts = days.map(fresh);
  const rules = new Map<string, { -readonly [K in keyof RuleEffect]: RuleEffect[K] }>();
  const cash = new Map<string, bigint>();
  const different = { more: 0, less: 0, other: 0 };
  const on = (day: number) => {
    const count = counts[day];
    if (!count) throw new Error(`Day ${day} lies outside the simulation`);
    return count;
  };
  const teller: Teller = {
    planned(day, action) {
      on(day)[action === 'email' ? 'noticesPlanned' : action === 'call_task' ? 'callTasks' : 'escalations'] += 1;
    },
    answered(day, contact: DueContact, answer: GateAnswer, laterThatDay) {
      if (answer.fate === 'made') {
        on(day)[contact.channel === 'email' ? 'emails' : 'calls'] += 1;
        return;
      }
      if (answer.fate !== 'later') on(day).refused += 1;
      else if (!laterThatDay) on(day).putOff += 1;
      const effect = answer.fate !== 'later' ? 'refused' : laterThatDay ? 'laterThatDay' : 'putOff';
      const counted = new Set<string>();
      for (const { ruleId, citation, sentence } of answer.objections) {
        if (counted.has(ruleId)) continue;
        counted.add(ruleId);
        const rule = rules.get(ruleId) ?? { ruleId, citation, sentence, refused: 0, putOff: 0, laterThatDay: 0 };
        rule[effect] += 1;
        rules.set(ruleId, rule);
      }
    },
    paid(_day, currency, minor) {
      cash.set(currency, (cash.get(currency) ?? 0n) + minor);
    },
  };
  return {
    teller,
    cash: cash as ReadonlyMap<string, bigint>,
    differs(kind: Difference['kind']) {
      different[kind] += 1;
    },
    report(
      key: SideKey,
      label: string,
      { costs, callsPerDay }: Assumptions,
      bounds: readonly CashBounds[],
    ): SideReport {
      let backlog = 0;
      const rows = counts.map((count, at): SimulatedDay => {
        if (callsPerDay !== null) backlog = Math.max(0, backlog + count.callTasks - callsPerDay);
        const cost = cents(
          count.emails * costs.email + count.callTasks * costs.call_task + count.escalations * costs.escalation,
        );
        return { on: days[at] as CalendarDate, ...count, cost, backlog: callsPerDay === null ? null : backlog };
      });
      const totals = { ...fresh(), cost: 0 };
      for (const row of rows)
        for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += row[name];
      return {
        key,
        label,
        days: rows,
        totals: { ...totals, cost: cents(totals.cost) },
        rules: [...rules.values()].sort(
          (a, b) => b.refused + b.putOff - a.refused - a.putOff || (a.ruleId < b.ruleId ? -1 : 1),
        ),
        cash: bounds,
        different: key === 'today' ? null : { ...different },
      };
    },
  };
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;
