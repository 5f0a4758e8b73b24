import type { CalendarDate } from '../../../kernel/calendar.ts';
import { retainThrough } from '../computations/periods.ts';
import type { CollectorType } from '../gate-facts.ts';
import type { RuleOf, RulePack } from '../rule-pack.ts';

/** A duty to keep records, as a pack states it. */
export type RetentionDuty = {
  readonly ruleId: string;
  readonly title: string;
  readonly citation: string;
  readonly confidence: string;
  readonly jurisdiction: string;
  readonly collectors: readonly CollectorType[];
  readonly debtKinds: readonly ('consumer' | 'commercial')[];
  /** Only for debts of such products. */
  readonly products: readonly string[] | null;
  readonly effectiveFrom: string;
  readonly effectiveTo: string | null;
  readonly yearsAfterLastActivity: number | null;
  readonly yearsAfterCall: number | null;
};

/** What is known of one account's records. */
export type KeptFacts = {
  readonly jurisdictions: readonly string[];
  readonly collector: CollectorType;
  readonly debtKind: 'consumer' | 'commercial';
  readonly product: string | null;
  /** The last day on which anything was done to collect; null: nothing ever was. */
  readonly lastActivityOn: CalendarDate | null;
  readonly lastCallOn: CalendarDate | null;
};

export type Retention = {
  /** The last day on which the records must be kept; null: no duty holds them. */
  readonly through: CalendarDate | null;
  readonly duties: readonly {
    readonly ruleId: string;
    readonly title: string;
    readonly citation: string;
    readonly through: CalendarDate;
  }[];
};

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** Whose records a duty that is stated by name holds; one that is not here is stated by a rule of its own. */
const named: Readonly<
  Record<string, Pick<RetentionDuty, 'jurisdiction' | 'debtKinds' | 'products'> & { readonly title: string }>
> = {
  hipaa: {
    title: 'Documentation of work for health care providers',
    jurisdiction: 'US',
    debtKinds: ['consumer'],
    products: ['medical'],
  },
  pci: { title: 'Logs of who did what', jurisdiction: '*', debtKinds: ['consumer', 'commercial'], products: null },
};

type Computation = RuleOf<'computation'>;

/** The duties that the packs hold: computations that say how many years after what. What is unverified binds nothing. */
export function retentionDuties(packs: readonly RulePack[]): RetentionDuty[] {
  return packs
    .flatMap((pack) => pack.rules)
    .flatMap((rule) =>
      rule.kind !== 'computation' || rule.confidence === 'U' ? [] : [...dutiesAfterEvents(rule), ...dutiesByName(rule)],
    );
}

const stated = (rule: Computation) => ({
  ruleId: rule.id,
  title: rule.title,
  citation: rule.citation,
  confidence: rule.confidence,
  jurisdiction: rule.jurisdiction,
  collectors: rule.collectors,
  debtKinds: rule.debtKinds,
  products: null,
  effectiveFrom: rule.effectiveFrom,
  effectiveTo: rule.effectiveTo ?? null,
});

function dutiesAfterEvents(rule: Computation): RetentionDuty[] {
  const yearsAfterLastActivity = numberOf(rule.parameters['yearsAfterLastActivity']);
  const yearsAfterCall = numberOf(rule.parameters['yearsAfterCall']);
  if (yearsAfterLastActivity === null && yearsAfterCall === null) return [];
  return [{ ...stated(rule), yearsAfterLastActivity, yearsAfterCall }];
}

function dutiesByName(rule: Computation): RetentionDuty[] {
  const years = rule.parameters['yearsByDuty'];
  if (typeof years !== 'object' || Array.isArray(years)) return [];
  return Object.entries(years).flatMap(([duty, count]) => {
    const scope = named[duty];
    return scope === undefined
      ? []
      : [{ ...stated(rule), ...scope, yearsAfterLastActivity: count, yearsAfterCall: null }];
  });
}

/**
 * How long an account's records must be kept: every duty that applies, longest first, and the longest wins. What a duty turns on and
 * nobody has written down makes it apply.
 */
export function retentionOf(facts: KeptFacts, duties: readonly RetentionDuty[], on: CalendarDate): Retention {
  const applying = duties
    .filter((duty) => applies(duty, facts, on))
    .flatMap((duty) => {
      const through = [
        duty.yearsAfterLastActivity !== null && facts.lastActivityOn !== null
          ? retainThrough({ kind: 'record', lastCollectionActivityOn: facts.lastActivityOn }, yearsOf(duty))
          : null,
        duty.yearsAfterCall !== null && facts.lastCallOn !== null
          ? retainThrough({ kind: 'call_recording', callOn: facts.lastCallOn }, yearsOf(duty))
          : null,
      ]
        .filter((day) => day !== null)
        .sort()
        .at(-1);
      return through === undefined
        ? []
        : [{ ruleId: duty.ruleId, title: duty.title, citation: duty.citation, through }];
    })
    .sort((a, b) => (a.through < b.through ? 1 : a.through > b.through ? -1 : a.ruleId < b.ruleId ? -1 : 1));
  return { through: applying[0]?.through ?? null, duties: applying };
}

const yearsOf = (duty: RetentionDuty) => ({
  yearsAfterLastActivity: duty.yearsAfterLastActivity ?? 0,
  yearsAfterCall: duty.yearsAfterCall ?? 0,
});

function applies(duty: RetentionDuty, facts: KeptFacts, on: CalendarDate): boolean {
  return (
    (duty.jurisdiction === '*' || facts.jurisdictions.includes(duty.jurisdiction)) &&
    duty.collectors.includes(facts.collector) &&
    duty.debtKinds.includes(facts.debtKind) &&
    (duty.products === null || facts.product === null || duty.products.includes(facts.product)) &&
    duty.effectiveFrom <= on &&
    (duty.effectiveTo === null || on < duty.effectiveTo)
  );
}
