import { z } from 'zod';
import { type CalendarDate, calendarDate, instantAt, localDateOf, type TimeZone } from '../../kernel/calendar.ts';
import type { Ctx } from '../../kernel/ctx.ts';
import { hashId, type Id } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { addRepresentative, lockRootsOf } from '../parties/public.ts';
import { limitationRegimes } from './computations/limitation.ts';
import { limitationFrom, particularsSchema } from './debt-particulars.ts';
import { loadRuleBook } from './load-gate-facts.ts';
import { recordPreference } from './preferences.ts';
import { channels } from './proposal.ts';
import { type NewLegalEvent, recordLegalEvents } from './record-legal-event.ts';
import {
  clustersSpokenOf,
  type ConsentToWrite,
  type DebtToWrite,
  hasAttorney,
  insertConsents,
  selectKnownDebts,
  selectStagedDebts,
  type StagedDebt,
  upsertDebts,
} from './take-in-debts.sql.ts';

const day = z.iso.date().transform((text): CalendarDate => calendarDate(text));
const stagedSchema = particularsSchema.extend({
  bornOn: day.optional(),
  languageWish: z.string().optional(),
  attorney: z.object({ name: z.string().optional(), address: z.string().optional() }).optional(),
  deceased: z.object({ on: day.optional() }).optional(),
  bankruptcy: z.object({ on: day.optional(), chapter: z.string().optional() }).optional(),
  consent: z
    .object({
      channel: z.enum(channels),
      scope: z.string(),
      on: day,
      evidence: z.string(),
      to: z.enum(['tenant', 'client', 'prior_collector']),
    })
    .optional(),
});
type Described = { readonly row: StagedDebt; readonly says: z.output<typeof stagedSchema> };

export type TakenDebts = {
  readonly described: number;
  /** Descriptions a person had written, which stand. */
  readonly kept: number;
  /** Described, yet not enough to know how long suit can be brought: what a time-bar could forbid stays denied. */
  readonly withoutLastDay: number;
  readonly consents: number;
  readonly legalEvents: number;
  readonly wishes: number;
  readonly attorneys: number;
};

const pageSize = 500;

/** Locks everybody an import says something about that stops contact. Call before the rows' accounts are touched: people come before accounts. */
export async function lockPeopleDescribed(ctx: Ctx, importId: Id<'import'>): Promise<void> {
  await lockRootsOf(ctx, await clustersSpokenOf(ctx, importId));
}

/**
 * Takes in what the staged rows of an import say of their debts: descriptions with the last day to sue, consents, what happened in the eyes
 * of the law, language wishes and attorneys. The accounts must be there. Taken in again it changes nothing; a file that says less than an
 * earlier one takes nothing back.
 */
export async function takeInDebts(ctx: Ctx, importId: Id<'import'>): Promise<TakenDebts> {
  const taken = { described: 0, kept: 0, withoutLastDay: 0, consents: 0, legalEvents: 0, wishes: 0, attorneys: 0 };
  const book = await loadRuleBook(ctx);
  for (let after = 0n; ; ) {
    const page = await selectStagedDebts(ctx, importId, after, pageSize);
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.rowNo;
    const described = page.map((row): Described => ({ row, says: stagedSchema.parse(row.debt) }));
    const debts = await debtsOf(ctx, described, book);
    taken.described += await upsertDebts(ctx, debts.write);
    taken.kept += debts.kept;
    taken.withoutLastDay += debts.write.filter((one) => one.reckoned === null).length;
    taken.consents += await insertConsents(ctx, [...consentsOf(described).values()]);
    taken.legalEvents += await recordLegalEvents(
      ctx,
      described.flatMap((one) => eventsOf(ctx, importId, one)),
    );
    for (const one of described) {
      if (await wish(ctx, importId, one)) taken.wishes += 1;
      if (await represent(ctx, one)) taken.attorneys += 1;
    }
  }
  if (taken.described + taken.consents > 0)
    await recordAudit(ctx, { action: 'debts.taken_in', subjectKind: 'import', subjectId: importId, detail: taken });
  return taken;
}

/** One row per account, later rows adding to earlier ones and all to what an earlier file said. */
async function debtsOf(
  ctx: Ctx,
  described: readonly Described[],
  book: Awaited<ReturnType<typeof loadRuleBook>>,
): Promise<{ write: DebtToWrite[]; kept: number }> {
  const byAccount = Map.groupBy(described, ({ row }) => row.accountId);
  const known = await selectKnownDebts(ctx, [...byAccount.keys()]);
  const write: DebtToWrite[] = [];
  let kept = 0;
  for (const [accountId, rows] of byAccount) {
    const before = known.get(accountId);
    const said = particularsSchema.parse(Object.assign({}, ...rows.map(({ says }) => says)));
    if (Object.keys(said).length === 0) continue;
    const particulars = { ...particularsSchema.parse(before?.particulars ?? {}), ...said };
    const today = localDateOf(ctx.at, rows[0]?.row.zone ?? ('UTC' as TimeZone));
    write.push({
      accountId,
      particulars,
      reckoned: limitationFrom(particulars, limitationRegimes(book, today), book, today),
    });
    if (before?.source === 'staff') kept += 1;
  }
  return { write, kept };
}

function consentsOf(described: readonly Described[]): Map<string, ConsentToWrite> {
  return new Map(
    described.flatMap(({ row, says: { consent } }) => {
      if (consent === undefined) return [];
      const { channel, scope, on, to } = consent;
      const addressKey = channel === 'email' ? row.email : row.phone;
      const id = hashId('consent', row.accountId, channel, scope, on, to, addressKey ?? '');
      const written = {
        id,
        partyId: row.partyId,
        clusterId: row.clusterId,
        clientId: row.clientId,
        accountId: row.accountId,
        recipient: to,
        channel,
        scope,
        addressKey,
        evidence: { words: consent.evidence },
        from: instantAt(on, '00:00', row.zone),
      };
      return [[id, written] as const];
    }),
  );
}

function eventsOf(ctx: Ctx, importId: string, { row, says }: Described): NewLegalEvent[] {
  const base = { partyId: row.partyId, sourceKind: 'import', sourceId: importId } as const;
  const since = (on: CalendarDate | undefined) => {
    const from = on === undefined ? ctx.at : instantAt(on, '00:00', row.zone);
    return from < ctx.at ? from : ctx.at;
  };
  const { attorney, bankruptcy, bornOn, deceased } = says;
  return [
    ...(attorney === undefined
      ? []
      : [
          {
            ...base,
            type: 'attorney_notice',
            accountIds: [row.accountId],
            detail: {
              ...(attorney.name !== undefined && { name: attorney.name }),
              ascertainable: attorney.name !== undefined,
            },
          },
        ]),
    ...(bankruptcy === undefined
      ? []
      : [
          {
            ...base,
            type: 'bankruptcy_petition',
            accountIds: null,
            detail: bankruptcy.chapter === undefined ? {} : { chapter: bankruptcy.chapter },
            effectiveAt: since(bankruptcy.on),
          },
        ]),
    ...(deceased === undefined
      ? []
      : [
          {
            ...base,
            type: 'deceased',
            accountIds: null,
            detail: deceased.on === undefined ? {} : { diedOn: deceased.on },
            effectiveAt: since(deceased.on),
          },
        ]),
    ...(bornOn === undefined
      ? []
      : [{ ...base, type: 'minor', accountIds: null, detail: { bornOn }, effectiveAt: since(bornOn) }]),
  ];
}

async function wish(ctx: Ctx, importId: string, { row, says }: Described): Promise<boolean> {
  if (says.languageWish === undefined) return false;
  const recorded = await recordPreference(ctx, {
    partyId: row.partyId,
    kind: 'language',
    channel: null,
    addressKey: null,
    detail: { language: says.languageWish },
    sourceKind: 'import',
    sourceId: importId,
  });
  return !unwrap(recorded).already;
}

/** Who is written to instead, where the file gives name and address and nobody is on record as attorney. */
async function represent(ctx: Ctx, { row, says: { attorney } }: Described): Promise<boolean> {
  if (attorney?.name === undefined || attorney.address === undefined) return false;
  if (await hasAttorney(ctx, row.partyId)) return false;
  const added = await addRepresentative(ctx, {
    partyId: row.partyId,
    role: 'attorney',
    name: attorney.name,
    postalAddress: attorney.address,
    email: null,
  });
  return added.ok;
}
