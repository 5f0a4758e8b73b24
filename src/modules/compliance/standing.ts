import { matching } from './condition.ts';
import type { EventFact, GateFacts } from './gate-facts.ts';
import { type JudgedCase, prepareCase } from './judged-case.ts';
import { legalEventTypes } from './legal-event-catalogue.ts';
import type { Proposal } from './proposal.ts';
import type { RuleBook } from './rule-book.ts';
import type { Rule, RuleOf } from './rule-pack.ts';
import { hasBegun, stop } from './rules/standing.ts';

/** A state that holds for a debt now, with the rules it sets off and what would end it. */
export type Standing = {
  readonly type: string;
  readonly label: string;
  readonly sentence: string;
  readonly since: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Null: it has no end of its own. */
  readonly until: string | null;
  readonly endedBy: readonly string[];
  readonly rules: readonly {
    readonly ruleId: string;
    readonly title: string;
    readonly sentence: string;
    readonly citation: string;
  }[];
};

type StopRule = RuleOf<'stop'>;
type TimeRule = RuleOf<'hours'>;

/** Wishes as states, in the words of the catalogue; a wish ends when it is taken back, which is then no longer among the facts. */
const wishes = [
  { type: 'cease', label: 'Wants no more contact', sentence: 'The person asked to be left alone.' },
  { type: 'opt_out', label: 'Opted out', sentence: 'The person does not want to be contacted this way.' },
  { type: 'inconvenient_time', label: 'A time is inconvenient', sentence: 'The person is not contacted at that time.' },
] as const;

const describing = new Set(['type', 'at', 'debtIds', 'personId', 'localOn']);
const detailOf = (fact: EventFact) =>
  Object.fromEntries(
    Object.entries(fact).filter(([name, value]) => !describing.has(name) && value !== null && value !== undefined),
  );

/** What stands for the one debt of these facts at `at`, oldest first: pure. */
export function standing(facts: GateFacts, proposal: Proposal, book: RuleBook, at: Date): Standing[] {
  const [debt] = facts.accounts;
  const judged = { ...prepareCase(facts, proposal, book.holidayName, at), debt: debt ?? null };
  const standingRules = rulesFor(facts, book, at);
  const stops = standingRules.filter((rule): rule is StopRule => rule.kind === 'stop').map(whateverTheAct);
  // Times the person named are kept free by rules about hours, which no event sets off.
  const times = standingRules.filter((rule): rule is TimeRule => rule.kind === 'hours' && rule.parameters.wishes);
  const states = [
    ...legalEventTypes
      .filter((one) => one.lasts)
      .map((one) => ({ ...one, enders: legalEventTypes.filter((other) => other.ends.includes(one.type)) })),
    ...wishes.map((one) => ({ ...one, enders: [] })),
  ];
  return states
    .flatMap((state) => {
      const pattern = {
        types: [state.type],
        about: ['debt' as const],
        ...(state.enders.length > 0 && { endedBy: { types: state.enders.map((one) => one.type) } }),
      };
      return matching(pattern, judged).flatMap(({ fact }): Standing[] => {
        const alone = only(fact, judged);
        const rules = stops.filter((rule) => matching(rule.parameters.startedBy, alone).length > 0);
        const end = endOf(rules, alone);
        if (end === 'over') return [];
        return [
          {
            type: state.type,
            label: state.label,
            sentence: state.sentence,
            since: fact.at,
            detail: detailOf(fact),
            until: end,
            endedBy: state.enders.map((one) => one.label),
            rules: [...rules, ...(state.type === 'inconvenient_time' ? times : [])].map(
              ({ id, title, sentence, citation }) => ({ ruleId: id, title, sentence, citation }),
            ),
          },
        ];
      });
    })
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
}

function rulesFor(facts: GateFacts, book: RuleBook, at: Date): Rule[] {
  const on = at.toISOString().slice(0, 10);
  return book.packs
    .flatMap((pack) => pack.rules)
    .filter(
      (rule) =>
        rule.confidence !== 'U' &&
        rule.effectiveFrom <= on &&
        (rule.effectiveTo === undefined || on < rule.effectiveTo) &&
        (rule.jurisdiction === '*' || facts.jurisdictions.includes(rule.jurisdiction)) &&
        rule.collectors.includes(facts.collector) &&
        rule.debtKinds.includes(facts.debtKind),
    );
}

// Whatever the act would be: which channel or address a rule closes is its own affair and said in its sentence.
function whateverTheAct(rule: StopRule): StopRule {
  const { types, where } = rule.parameters.startedBy;
  return { ...rule, parameters: { ...rule.parameters, startedBy: { types, ...(where && { where }) } } };
}

/** The case as if nothing else had happened. */
function only(fact: EventFact, judged: JudgedCase): JudgedCase {
  const events = judged.events.filter((event) => event.fact === fact);
  return { ...judged, events, eventsOfType: new Map([[fact.type, events]]) };
}

/** The instant at which a state runs out by all rules it sets off, null when one of them has no end, the text `over` when they have all run out. */
function endOf(rules: readonly StopRule[], alone: JudgedCase): string | null {
  const ends = rules.flatMap((rule) => stop(rule, alone)).map((block) => block.notBefore?.toISOString() ?? null);
  // What sets nothing off, and what has not begun yet, stands all the same.
  if (ends.length === 0) return rules.length > 0 && rules.every((rule) => hasBegun(rule, alone)) ? 'over' : null;
  return ends.reduce((last, one) => (last === null || one === null ? null : last > one ? last : one));
}
