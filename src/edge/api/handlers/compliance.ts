import type { Ctx } from '../../../kernel/ctx.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { closeIncident, loadRuleBook, type RuleBook } from '../../../modules/compliance/public.ts';
import { type IncidentRow, listIncidents } from '../../../modules/insights/public.ts';
import * as contract from '../contract/audit.ts';
import type { ResponseOf } from '../contract/route.ts';
import { type Implementation, implement } from '../operation.ts';

type IncidentBody = ResponseOf<typeof contract.closeIncident>;
type Rule = RuleBook['packs'][number]['rules'][number];

/** Breach incidents and the rules in force. */
export function incidentHandlers(): Implementation[] {
  return [
    implement(contract.listIncidents, async (ctx, { query, caller }) => {
      const page = await listIncidents(ctx, caller.clientIds, query, query);
      return page.ok ? ok({ rows: page.value.rows.map(incidentBody), nextCursor: page.value.nextCursor }) : page;
    }),
    implement(contract.closeIncident, async (ctx, { params, body, version }) => {
      const closed = await closeIncident(ctx, { incidentId: params.incidentId, note: body.note, rowVersion: version });
      return closed.ok ? findBody(ctx, params.incidentId) : closed;
    }),
    implement(contract.listRules, async (ctx) => {
      const { packs } = await loadRuleBook(ctx);
      return ok({
        packs: packs.map((pack) => ({
          id: pack.key,
          version: pack.version,
          title: pack.title,
          rules: pack.rules.map(ruleBody),
        })),
      });
    }),
  ];
}

function incidentBody(row: IncidentRow): IncidentBody {
  return {
    id: row.id,
    kind: row.kind,
    accountId: row.accountId,
    summary: row.summary,
    state: row.state,
    at: row.at.toISOString(),
    closingNote: row.closingNote,
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

function ruleBody(rule: Rule): ResponseOf<typeof contract.listRules>['packs'][number]['rules'][number] {
  const where = rule.jurisdiction === '*' ? '' : ` under the law of ${rule.jurisdiction}`;
  return {
    id: rule.id,
    kind: rule.kind,
    sentence: rule.sentence,
    citation: rule.citation,
    confidence: rule.confidence,
    appliesTo: `${words(rule.acts ?? ['every act'])} by ${words(rule.channels)}${where}`,
    effectiveFrom: rule.effectiveFrom,
    effectiveTo: rule.effectiveTo ?? null,
  };
}
