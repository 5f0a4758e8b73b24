import { sql } from 'kysely';
import type { Ctx } from '../../../kernel/ctx.ts';
import type { Id } from '../../../kernel/ids.ts';
import { type Currency, money } from '../../../kernel/money.ts';
import { ok, type Result, refuse } from '../../../kernel/result.ts';
import { findClient, lockWithPersons } from '../../accounts/public.ts';
import { particularsSchema } from '../debt-particulars.ts';
import type { AddresseeRole } from './addressee.ts';
import type { NoticeChannel } from './notice.sql.ts';
import { prepareNotice } from './prepare-notice.ts';

export type PreparedMissing = {
  readonly prepared: readonly Id<'notice'>[];
  /** Why no notice could be prepared, with how many accounts and some of them. */
  readonly left: readonly {
    readonly code: string;
    readonly sentence: string;
    readonly count: number;
    readonly examples: readonly string[];
  }[];
  /** More accounts lack a notice than one request prepares; call again. */
  readonly more: boolean;
};

type Lacking = {
  id: Id<'account'>;
  currency: Currency;
  particulars: unknown;
  wants_spanish: boolean;
  representative: AddresseeRole | null;
};

const atOnce = 200;
// Debts of financial products must name the creditor of the itemization date, and point to the Bureau (12 CFR 1006.34(c)(2)(iii), (3)(iv)).
const financial = new Set([
  'credit_card',
  'loan',
  'personal_loan',
  'auto_loan',
  'student_loan',
  'mortgage',
  'payday_loan',
  'payday',
  'line_of_credit',
]);

/**
 * Prepares a validation notice for consumer accounts of a client that have none, from the itemization their file gave; each is judged as one
 * prepared by hand, and what cannot be prepared is told by reason. They go to the representative where one acts, and in Spanish where that was
 * asked for. Refuses: `client_not_found`.
 */
export async function prepareMissingNotices(
  ctx: Ctx,
  input: { readonly clientId: Id<'client'>; readonly channel: NoticeChannel; readonly after?: string | null },
): Promise<Result<PreparedMissing & { readonly cursor: string | null }, 'client_not_found'>> {
  if (!(await findClient(ctx, input.clientId))) return refuse('client_not_found', 'There is no such client.');
  const found = await selectLacking(ctx, input.clientId, input.after ?? null, atOnce + 1);
  const page = found.slice(0, atOnce);
  await lockWithPersons(
    ctx,
    page.map((one) => one.id),
  );
  const prepared: Id<'notice'>[] = [];
  const left = new Map<string, { code: string; sentence: string; count: number; examples: string[] }>();
  for (const one of page) {
    const made = await prepare(ctx, one, input.channel);
    if (made.ok) {
      prepared.push(made.value.notice.id);
      continue;
    }
    const reason = left.get(made.code) ?? { code: made.code, sentence: made.detail, count: 0, examples: [] };
    reason.count += 1;
    if (reason.examples.length < 3) reason.examples.push(one.id);
    left.set(made.code, reason);
  }
  const more = found.length > atOnce;
  return ok({ prepared, left: [...left.values()], more, cursor: more ? (page.at(-1)?.id ?? null) : null });
}

type Made = Awaited<ReturnType<typeof prepareNotice>> | Result<never, 'no_itemization'>;

async function prepare(ctx: Ctx, account: Lacking, channel: NoticeChannel): Promise<Made> {
  const { itemization, itemizedCreditor, originalCreditor, product } = particularsSchema.parse(
    account.particulars ?? {},
  );
  if (itemization === undefined)
    return refuse(
      'no_itemization',
      'The file gave no itemization. Import it with itemization date and amounts, or prepare the notice by hand.',
    );
  const { on, kind, ...minor } = itemization;
  const amount = (text: string) => money(BigInt(text), account.currency);
  return prepareNotice(ctx, {
    accountId: account.id,
    addressee: account.representative ?? 'consumer',
    channel,
    language: account.wants_spanish ? 'es' : 'en',
    itemization: {
      on,
      kind,
      parts: {
        amountOnItemizationDate: amount(minor.amountOnItemizationDate),
        interest: amount(minor.interest),
        fees: amount(minor.fees),
        payments: amount(minor.payments),
        credits: amount(minor.credits),
      },
    },
    corrects: false,
    creditorOnItemizationDate: itemizedCreditor ?? originalCreditor ?? null,
    product: product?.replaceAll('_', ' ') ?? null,
    brand: null,
    financialProduct: product !== undefined && financial.has(product),
    supersedesId: null,
  });
}

/** Consumer accounts that owe, without a notice that is prepared, under way or given. */
async function selectLacking(ctx: Ctx, clientId: string, after: string | null, limit: number): Promise<Lacking[]> {
  const { rows } = await sql<Lacking>`
    select a.id, a.currency, d.particulars,
      exists (
        select 1 from compliance.preferences w join parties.clusters_v k on k.tenant_id = ${ctx.tenant} and k.id = w.cluster_id
        where w.tenant_id = ${ctx.tenant} and k.root_id = p.root_cluster_id and w.kind = 'language' and w.detail->>'language' = 'es'
          and (w.ended_at is null or w.ended_at > ${ctx.at})) as wants_spanish,
      (select case l.role when 'executor' then 'representative' else l.role end from parties.party_links_v l
       where l.tenant_id = ${ctx.tenant} and l.party_id = a.party_id and l.role in ('attorney', 'executor', 'guardian') and l.effective_from <= ${ctx.at}::date
         and (l.effective_to is null or l.effective_to > ${ctx.at}::date)
       order by array_position(array['executor', 'guardian', 'attorney'], l.role) limit 1) as representative
    from accounts.accounts_v a
    join accounts.facts_v f on f.tenant_id = ${ctx.tenant} and f.id = a.id and f.balance_minor > f.credit_minor and f.state not in ('closed', 'written_off')
    join parties.parties_v p on p.tenant_id = ${ctx.tenant} and p.id = a.party_id
    left join compliance.debts d on d.tenant_id = ${ctx.tenant} and d.id = a.id
    where a.tenant_id = ${ctx.tenant} and a.client_id = ${clientId} and a.debt_kind = 'consumer' and (${after}::uuid is null or a.id > ${after}::uuid)
      and not exists (
        select 1 from compliance.notices n where n.tenant_id = ${ctx.tenant} and n.account_id = a.id and n.kind = 'validation'
          and n.state in ('prepared', 'sending', 'given'))
    order by a.id limit ${limit}`.execute(ctx.db);
  return rows;
}
