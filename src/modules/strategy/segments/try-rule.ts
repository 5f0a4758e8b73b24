import { type CalendarDate, localDateOf } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { type Result, ok } from '../../../kernel/result.ts';
import { listClients } from '../../accounts/public.ts';
import { listMembers, loadTenant } from '../../identity/public.ts';
import type { RuleDay } from './rule.sql.ts';
import { parseRule, type RuleRefusal } from './rule.ts';
import { type RuleNames, ruleInWords } from './rule-in-words.ts';
import { type ClientScope, countExactly, type SampleRow, sampleOf } from './segment.sql.ts';

/** What a rule says and whom it matches now, as it is being written. */
export type TriedRule = { readonly words: string; readonly count: number; readonly sample: readonly SampleRow[] };

const SAMPLE = 8;

/** Says a rule in words, counts the accounts it matches and shows those that owe most. Refuses: `malformed_rule`. */
export async function tryRule(ctx: Ctx, input: unknown, clients: ClientScope): Promise<Result<TriedRule, RuleRefusal>> {
  const rule = parseRule(input);
  if (!rule.ok) return rule;
  const names = await loadRuleNames(ctx);
  const day = await ruleDayOn(ctx);
  const count = await countExactly(ctx, rule.value, day, clients);
  const sample = count === 0 ? [] : await sampleOf(ctx, rule.value, day, clients, SAMPLE);
  return ok({ words: ruleInWords(rule.value, names), count, sample });
}

/** When rules are asked: on `asOf` (default: the tenant's today), by the tenant's calendar and currency. */
export async function ruleDayOn(ctx: Ctx, asOf?: CalendarDate): Promise<RuleDay> {
  const { timeZone: zone, currency: reporting } = await loadTenant(ctx);
  return { at: ctx.at, asOf: asOf ?? localDateOf(ctx.at, zone), zone, reporting };
}

/** The names of the clients and people that rules speak of, and the currency of their amounts. */
export async function loadRuleNames(ctx: Ctx): Promise<RuleNames> {
  const names = new Map([
    ...(await listClients(ctx)).map((client) => [client.id as string, client.name] as const),
    ...(await listMembers(ctx)).map((member) => [member.userId as string, member.displayName] as const),
  ]);
  const { currency } = await loadTenant(ctx);
  return { nameOf: (id) => names.get(id) ?? 'somebody unknown', reporting: currency };
}
