/** Natural content of what a run writes, one text per row: ids of plans, runs and decisions are each side's own and stay out. */
const contents = {
  plans: `select concat_ws('|', p.account_id, p.client_id, p.cluster_id, p.party_id, p.version_id, p.action, p.step_key, p.level, p.stage, p.item_count,
    p.amount_minor, p.currency, p.stop_epoch, p.planned_for, p.not_before, p.state, p.recorded_at) from strategy.plans p`,
  plan_items: `select concat_ws('|', p.account_id, p.action, i.item_id, i.level, i.step_key, i.fires, i.open_minor)
    from strategy.plan_items i join strategy.plans p on p.tenant_id = i.tenant_id and p.id = i.plan_id`,
  item_levels: `select concat_ws('|', l.id, l.account_id, l.level, l.step_key, l.day, l.reached_on, l.previous_day, p.account_id, p.action)
    from strategy.item_levels l join strategy.plans p on p.tenant_id = l.tenant_id and p.id = l.plan_id`,
  positions: `select concat_ws('|', s.id, s.version_id, s.stage, s.entered_on) from strategy.positions s`,
  decisions: `select concat_ws('|', d.account_id, d.from_on, d.version_id, d.outcome, d.reason_code, d.step_key, p.action, d.facts, d.recorded_at)
    from strategy.decisions d left join strategy.plans p on p.tenant_id = d.tenant_id and p.id = d.plan_id`,
  standings: `select concat_ws('|', s.id, s.outcome, s.reason_code, s.from_on, d.account_id)
    from strategy.standings s join strategy.decisions d on d.tenant_id = s.tenant_id and d.id = s.decision_id`,
} as const;

export type RunEvidence = Readonly<Record<keyof typeof contents, string>>;

/** Rows and a checksum of each table a run writes: two databases with the same evidence hold the same rows. */
export async function runEvidence(
  ask: (text: string) => Promise<{ readonly rows: readonly { readonly evidence: string }[] }>,
): Promise<RunEvidence> {
  const found: Partial<Record<keyof typeof contents, string>> = {};
  for (const [table, text] of Object.entries(contents)) {
    const { rows } = await ask(
      `select count(*) || ' rows ' || coalesce(sum(('x' || left(md5(t.line), 15))::bit(60)::bigint), 0) as evidence from (${text}) t (line)`,
    );
    found[table as keyof typeof contents] = rows[0]?.evidence ?? '';
  }
  return found as RunEvidence;
}

/** Throws naming the tables that differ. */
export function assertEqualEvidence(ours: RunEvidence, reference: RunEvidence): void {
  const differing = Object.entries(ours).filter(
    ([table, evidence]) => evidence !== reference[table as keyof RunEvidence],
  );
  if (differing.length === 0) return;
  const lines = differing.map(
    ([table, evidence]) => `  ${table}: ours ${evidence}, reference ${reference[table as keyof RunEvidence]}`,
  );
  throw new Error(`The run and its reference wrote different rows:\n${lines.join('\n')}`);
}
