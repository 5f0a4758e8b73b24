import { sql } from 'kysely';
import type { Ctx } from '../../kernel/ctx.ts';
import { inScope, type Scope } from './scope.ts';

const most = 200;

export type OverrideRow = {
  readonly id: string;
  readonly accountId: string;
  readonly accountNumber: string;
  readonly partyName: string;
  readonly channel: string;
  readonly reasons: unknown;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedById: string;
  readonly requestedAt: Date;
  readonly validUntil: Date;
  readonly verdict: 'approved' | 'rejected' | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly note: string | null;
  readonly permitId: string | null;
  readonly usedAt: Date | null;
};

/** The newest overrides in scope, no more than 200; of one account when it is named. */
export async function listOverrides(
  ctx: Ctx,
  scope: Scope,
  filter: { readonly accountId?: string | undefined; readonly id?: string | undefined },
): Promise<OverrideRow[]> {
  const { tenant } = ctx;
  const wanted = [sql`o.tenant_id = ${tenant}`, inScope(scope, sql`o.client_id`)];
  if (filter.accountId !== undefined) wanted.push(sql`o.account_id = ${filter.accountId}`);
  if (filter.id !== undefined) wanted.push(sql`o.id = ${filter.id}`);
  const { rows } = await sql<OverrideRow>`
    select o.id, o.account_id as "accountId", a.number as "accountNumber", y.name as "partyName", o.channel, o.reasons, o.reason,
      o.requested_by as "requestedBy", o.requested_by_id as "requestedById", o.requested_at as "requestedAt", o.valid_until as "validUntil",
      o.verdict, o.decided_by as "decidedBy", o.decided_at as "decidedAt", o.note, o.permit_id as "permitId", o.used_at as "usedAt"
    from compliance.overrides_v o
    join accounts.accounts_v a on a.tenant_id = ${tenant} and a.id = o.account_id
    join parties.parties_v y on y.tenant_id = ${tenant} and y.id = a.party_id
    where ${sql.join(wanted, sql` and `)} order by o.requested_at desc, o.id desc limit ${most}`.execute(ctx.db);
  return rows;
}
