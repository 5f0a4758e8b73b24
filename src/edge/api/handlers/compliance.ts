import { localDateOf, type TimeZone } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import {
  acknowledgeIncident,
  closeIncident,
  isReplaceable,
  loadLaw,
  loadRuleBook,
  nothingToTighten,
  parametersInWords,
  replaces,
  type Rule,
  settable,
  shippedPacks,
  tightenable,
} from '../../../modules/compliance/public.ts';
import {
  exportIncidents,
  type IncidentFilter,
  type IncidentRow,
  listIncidents,
  listRuleChanges,
  type RuleChangeRow,
} from '../../../modules/insights/public.ts';
import * as contract from '../contract/audit.ts';
import type { ResponseOf } from '../contract/route.ts';
import type { Caller } from '../caller.ts';
import { dayBegins } from '../day-begins.ts';
import { type Implementation, implement, implementFlow } from '../operation.ts';
import { streamCsv } from '../stream-csv.ts';

type IncidentBody = ResponseOf<typeof contract.closeIncident>;

/** Breach incidents and the rules in force. */
export function incidentHandlers(): Implementation[] {
  return [
    implement(contract.listIncidents, async (ctx, { query, caller }) => {
      const page = await listIncidents(ctx, caller.clientIds, filterOf(query, caller), query);
      return page.ok ? ok({ rows: page.value.rows.map(incidentBody), nextCursor: page.value.nextCursor }) : page;
    }),
    implementFlow(contract.exportIncidents, async ({ query, caller }, host) =>
      streamCsv(host, 'incidents.csv', (ctx) => exportIncidents(ctx, caller.clientIds, filterOf(query, caller))),
    ),
    implement(contract.closeIncident, async (ctx, { params, body, version }) => {
      const closed = await closeIncident(ctx, { incidentId: params.incidentId, note: body.note, rowVersion: version });
      return closed.ok ? findBody(ctx, params.incidentId) : closed;
    }),
    implement(contract.acknowledgeIncident, async (ctx, { params, body, version }) => {
      const taken = await acknowledgeIncident(ctx, {
        incidentId: params.incidentId,
        note: body.note,
        rowVersion: version,
      });
      return taken.ok ? findBody(ctx, params.incidentId) : taken;
    }),
    implement(contract.listRules, async (ctx) => {
      const { packs } = await loadRuleBook(ctx);
      const law = await loadLaw(ctx);
      const about = {
        today: localDateOf(ctx.at, 'UTC' as TimeZone),
        untightened: new Set(law.flatMap((pack) => pack.rules.map((rule) => JSON.stringify(rule)))),
        replacements: (await listRuleChanges(ctx, 'replacement')).filter((row) =>
          ['approved', 'withdrawal_asked'].includes(row.state),
        ),
      };
      return ok({
        packs: packs.map((pack) => ({
          id: pack.key,
          version: pack.version,
          title: pack.title,
          house: pack.house,
          rules: pack.rules.map((rule) => ruleBody(rule, about)),
        })),
      });
    }),
  ];
}

type Days = Omit<IncidentFilter, 'from' | 'until'> & { readonly from?: string; readonly to?: string };

function filterOf({ from, to, ...rest }: Days, caller: Caller): IncidentFilter {
  return {
    state: rest.state,
    kind: rest.kind,
    clientId: rest.clientId,
    from: from === undefined ? undefined : dayBegins(from, caller),
    until: to === undefined ? undefined : dayBegins(to, caller, 1),
  };
}

function incidentBody(row: IncidentRow): IncidentBody {
  return {
    id: row.id,
    kind: row.kind,
    accountId: row.accountId,
    accountNumber: row.accountNumber,
    clientName: row.clientName,
    summary: row.summary,
    state: row.state,
    at: row.at.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
    acknowledgedBy: row.acknowledgedBy,
    acknowledgingNote: row.acknowledgingNote,
    closedBy: row.closedBy,
    closingNote: row.closingNote,
    permitId: row.permitId,
    rowVersion: row.rowVersion.toString(),
  };
}

async function findBody(ctx: Ctx, id: string): Promise<Result<IncidentBody, 'not_found' | 'bad_cursor'>> {
  const page = await listIncidents(ctx, null, { id }, { limit: 1 });
  if (!page.ok) return page;
  const [row] = page.value.rows;
  return row ? ok(incidentBody(row)) : refuse('not_found', 'There is no such incident.');
}

const words = (names: readonly string[]): string => names.map((name) => name.replaceAll('_', ' ')).join(', ');

type RuleBody = ResponseOf<typeof contract.listRules>['packs'][number]['rules'][number];

function statusOf(rule: Rule, today: string): RuleBody['status'] {
  if (rule.confidence === 'U') return 'off';
  if (rule.effectiveFrom > today) return 'future';
  return rule.effectiveTo !== undefined && rule.effectiveTo <= today ? 'ended' : 'in_force';
}

type About = {
  readonly today: string;
  /** The texts before anything was tightened. */
  readonly untightened: ReadonlySet<string>;
  readonly replacements: readonly RuleChangeRow[];
};

const nameOf = (rule: Pick<Rule, 'id' | 'part'>) => `${rule.id}/${rule.part ?? ''}`;
const replaceable = new Map(
  shippedPacks.flatMap((pack) => pack.rules.filter(isReplaceable).map((rule) => [nameOf(rule), rule] as const)),
);

/** The replacement whose text this is, or which has ended it. */
function replacedBy(rule: Rule, replacements: readonly RuleChangeRow[]): string | null {
  const edge = rule.confidence === 'counsel' ? rule.effectiveFrom : rule.effectiveTo;
  return replacements.find((one) => replaces(one, rule) && one.from === edge)?.id ?? null;
}

function ruleBody(rule: Rule, { today, untightened, replacements }: About): RuleBody {
  const asShipped = replaceable.get(nameOf(rule));
  const where = rule.jurisdiction === '*' ? '' : ` under the law of ${rule.jurisdiction}`;
  return {
    id: rule.id,
    part: rule.part ?? null,
    kind: rule.kind,
    title: rule.title,
    status: statusOf(rule, today),
    jurisdiction: rule.jurisdiction,
    collectors: [...rule.collectors],
    debtKinds: [...rule.debtKinds],
    channels: [...rule.channels],
    acts: [...(rule.acts ?? [])],
    parameters: parametersInWords(rule),
    exceptions: (rule.unless ?? []).map((one) => one.because),
    requires: [...(rule.requires ?? [])],
    rebuttable: rule.rebuttable === true,
    tightened: !untightened.has(JSON.stringify(rule)),
    tighten: tightenable(rule).map((one) => ({ ...one, days: [...one.days], channels: [...one.channels] })),
    nothingToTighten: nothingToTighten(rule),
    // A replacement starts from the shipped text, whatever stands in its place now.
    replaceable: asShipped ? { values: settable(asShipped).map((one) => ({ ...one, days: [...one.days] })) } : null,
    replacedBy: replacedBy(rule, replacements),
    sentence: rule.sentence,
    citation: rule.citation,
    confidence: rule.confidence,
    appliesTo: `${words(rule.acts ?? ['every act'])} by ${words(rule.channels)}${where}`,
    effectiveFrom: rule.effectiveFrom,
    effectiveTo: rule.effectiveTo ?? null,
  };
}
