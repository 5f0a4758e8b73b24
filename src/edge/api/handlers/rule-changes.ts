import { Readable } from 'node:stream';
import { calendarDate } from '../../../kernel/calendar.ts';
import type { Ctx } from '../../../kernel/ctx.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import {
  approveRuleChange,
  effectOfChange,
  proposeReplacement,
  proposeTightening,
  triedTightening,
} from '../../../flows/change-rules.ts';
import { type Effect, effectOnPlan, type Fate } from '../../../flows/try-change.ts';
import {
  answerWithdrawal,
  asReplacement,
  askWithdrawal,
  type ChangeKind,
  findRuleEvidence,
  keepRuleEvidence,
  loadLaw,
  mostEvidenceBytes,
  parametersInWords,
  rejectChange,
  type Replaced,
  type Rule,
  shippedPacks,
  textsChanged,
  tryReplacement,
} from '../../../modules/compliance/public.ts';
import { listRuleChanges, type RuleChangeRow } from '../../../modules/insights/public.ts';
import type { Caller } from '../caller.ts';
import type { ResponseOf } from '../contract/route.ts';
import * as contract from '../contract/rule-changes.ts';
import { type Host, type Implementation, implement, implementFlow } from '../operation.ts';
import type { RefusalCode } from '../refusals.ts';

type Tightening = ResponseOf<typeof contract.proposeTightening>;
type Replacement = ResponseOf<typeof contract.proposeReplacement>;

/** What a tenant changes about the rules: tightenings and replacements, each of which takes two people. */
export const ruleChangeHandlers = (): Implementation[] => [...tighteningHandlers(), ...replacementHandlers()];

function tighteningHandlers(): Implementation[] {
  const named = (id: string, version: bigint) => ({ kind: 'tightening', changeId: id, rowVersion: version }) as const;
  return [
    implement(contract.listTightenings, async (ctx, { caller }) => {
      const law = await loadLaw(ctx);
      const rows = await listRuleChanges(ctx, 'tightening');
      return ok({ rows: rows.map((row) => tighteningBody(row, caller, law)) });
    }),
    implement(contract.checkTightening, async (ctx, { body }) => {
      const tried = await triedTightening(ctx, body);
      if (!tried.ok) return tried;
      const { stricter } = tried.value;
      return ok(
        wordsOf(
          stricter.map(({ from }) => from),
          stricter.map(({ to }) => to),
        ),
      );
    }),
    implement(contract.tryTightening, async (ctx, { body }, host) => {
      const { from, ...wanted } = body;
      const tried = await triedTightening(ctx, wanted);
      if (!tried.ok) return tried;
      const change = { ...tried.value.change, from: calendarDate(from) };
      return ok(effectBody(await effectOnPlan(ctx, host.mailing, change)));
    }),
    implement(contract.proposeTightening, async (ctx, { body, caller }, host) => {
      const proposed = await proposeTightening(ctx, host.mailing, { ...body, from: calendarDate(body.from) });
      return proposed.ok ? oneTightening(ctx, proposed.value.changeId, caller) : proposed;
    }),
    implement(contract.tryOnPlan, async (ctx, { params }, host) =>
      effectNow(ctx, host, 'tightening', params.tighteningId),
    ),
    implement(contract.approveTightening, async (ctx, { params, body, version, caller }, host) => {
      const done = await approveRuleChange(ctx, host.mailing, { ...named(params.tighteningId, version), ...body });
      return done.ok ? oneTightening(ctx, params.tighteningId, caller) : done;
    }),
    implement(contract.rejectTightening, async (ctx, { params, body, version, caller }) => {
      const done = await rejectChange(ctx, { ...named(params.tighteningId, version), ...body });
      return done.ok ? oneTightening(ctx, params.tighteningId, caller) : done;
    }),
    implement(contract.askWithdrawal, async (ctx, { params, body, version, caller }) => {
      const done = await askWithdrawal(ctx, { ...named(params.tighteningId, version), ...body });
      return done.ok ? oneTightening(ctx, params.tighteningId, caller) : done;
    }),
    implement(contract.answerWithdrawal, async (ctx, { params, body, version, caller }) => {
      const done = await answerWithdrawal(ctx, { ...named(params.tighteningId, version), ...body });
      return done.ok ? oneTightening(ctx, params.tighteningId, caller) : done;
    }),
  ];
}

function replacementHandlers(): Implementation[] {
  const named = (id: string, version: bigint) => ({ kind: 'replacement', changeId: id, rowVersion: version }) as const;
  return [
    implement(contract.listReplacements, async (ctx, { caller }) => {
      const rows = await listRuleChanges(ctx, 'replacement');
      return ok({ rows: rows.map((row) => replacementBody(row, caller)) });
    }),
    implementFlow(contract.keepEvidence, async (_asked, host) => receiveEvidence(host)),
    implementFlow(contract.getEvidence, async ({ params }, host) => sendEvidence(host, params.evidenceId)),
    implement(contract.tryReplacement, async (ctx, { body }, host) => {
      const { from, ...wanted } = body;
      const tried = tryReplacement(wanted, from);
      if (!tried.ok) return tried;
      const change = { replacement: asReplacement(wanted, noId, from), from: calendarDate(from) };
      const effect = await effectOnPlan(ctx, host.mailing, change);
      return ok({ ...effectBody(effect), inWords: replacedInWords(tried.value) });
    }),
    implement(contract.proposeReplacement, async (ctx, { body, caller }, host) => {
      const proposed = await proposeReplacement(ctx, host.mailing, { ...body, from: calendarDate(body.from) });
      return proposed.ok ? oneReplacement(ctx, proposed.value.changeId, caller) : proposed;
    }),
    implement(contract.tryReplacementOnPlan, async (ctx, { params }, host) =>
      effectNow(ctx, host, 'replacement', params.replacementId),
    ),
    implement(contract.approveReplacement, async (ctx, { params, body, version, caller }, host) => {
      const done = await approveRuleChange(ctx, host.mailing, { ...named(params.replacementId, version), ...body });
      return done.ok ? oneReplacement(ctx, params.replacementId, caller) : done;
    }),
    implement(contract.rejectReplacement, async (ctx, { params, body, version, caller }) => {
      const done = await rejectChange(ctx, { ...named(params.replacementId, version), ...body });
      return done.ok ? oneReplacement(ctx, params.replacementId, caller) : done;
    }),
    implement(contract.askReplacementEnd, async (ctx, { params, body, version, caller }) => {
      const done = await askWithdrawal(ctx, { ...named(params.replacementId, version), ...body });
      return done.ok ? oneReplacement(ctx, params.replacementId, caller) : done;
    }),
    implement(contract.answerReplacementEnd, async (ctx, { params, body, version, caller }) => {
      const done = await answerWithdrawal(ctx, { ...named(params.replacementId, version), ...body });
      return done.ok ? oneReplacement(ctx, params.replacementId, caller) : done;
    }),
  ];
}

const noId = '00000000-0000-0000-0000-000000000000';

/** The whole file in memory, which is small by its limit; what is larger is not read on. */
async function receiveEvidence(host: Host): Promise<Result<ResponseOf<typeof contract.keepEvidence>, RefusalCode>> {
  if (!host.request.isMultipart())
    return refuse('malformed', 'Send the file as multipart/form-data, in a part named file.');
  const part = await host.request.file();
  if (!part) return refuse('malformed', 'The upload carries no file.');
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of part.file) {
    size += (piece as Buffer).length;
    if (size <= mostEvidenceBytes) pieces.push(piece as Buffer);
  }
  if (size > mostEvidenceBytes)
    return refuse('file_too_large', 'A file of evidence may have 10 MB at most. Send the part that matters.');
  return host.enter((ctx) => keepRuleEvidence(ctx, { fileName: part.filename, bytes: Buffer.concat(pieces) }));
}

async function sendEvidence(host: Host, evidenceId: string): Promise<Result<Readable, 'not_found'>> {
  const found = await host.enter((ctx) => findRuleEvidence(ctx, evidenceId));
  if (found === null) return refuse('not_found', 'There is no such file.');
  // Never shown in place: what somebody sent is saved, not run.
  void host.reply
    .header('content-type', found.mediaType)
    .header('digest', `sha-256=${Buffer.from(found.sha256, 'hex').toString('base64')}`)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(found.fileName)}`);
  return ok(Readable.from([found.bytes]));
}

async function effectNow(
  ctx: Ctx,
  host: Host,
  kind: ChangeKind,
  id: string,
): Promise<Result<ResponseOf<typeof contract.tryOnPlan>, 'not_found'>> {
  const effect = await effectOfChange(ctx, host.mailing, kind, id);
  return effect.ok ? ok(effectBody(effect.value)) : effect;
}

const fateBody = (fate: Fate) => ({ ...fate, goesAt: fate.goesAt?.toISOString() ?? null });

const effectBody = (effect: Effect): ResponseOf<typeof contract.tryOnPlan> => ({
  ...effect,
  sample: effect.sample.map((one) => ({ ...one, before: fateBody(one.before), after: fateBody(one.after) })),
});

const words = (rules: readonly Rule[]): string[] => [...new Set(rules.flatMap(parametersInWords))];
const wordsOf = (before: readonly Rule[], after: readonly Rule[]) => ({ before: words(before), after: words(after) });

const off = 'Listed and off: it binds nothing.';

/** A replaced rule before and after; what is off says so. */
function replacedInWords(texts: readonly Replaced[]): { before: string[]; after: string[] } {
  const before = words(texts.map(({ from }) => from));
  const after = texts.flatMap(({ to }) => (to === null ? [] : [to]));
  return {
    before: texts.every(({ from }) => from.confidence === 'U') ? [off, ...before] : before,
    after: after.length === 0 ? ['Off: it binds nothing.'] : words(after),
  };
}

const everyRule = shippedPacks.flatMap((pack) => pack.rules);

function changeBody(row: RuleChangeRow, caller: Caller): Omit<Tightening, 'before' | 'after'> {
  const first =
    row.state === 'withdrawal_asked' ? row.withdrawalById : row.state === 'proposed' ? row.proposedById : null;
  const rule = everyRule.find((one) => one.id === row.ruleId && (row.part === null || one.part === row.part));
  return {
    id: row.id,
    ruleId: row.ruleId,
    part: row.part,
    title: rule?.title ?? row.ruleId,
    citation: rule?.citation ?? '',
    parameters: row.parameters as Tightening['parameters'],
    from: row.from,
    to: row.to,
    reason: row.reason,
    state: row.state,
    proposedBy: row.proposedBy,
    proposedEffect: row.proposedEffect,
    approvedBy: row.approvedBy,
    approvedAt: row.approvedAt?.toISOString() ?? null,
    effect: row.effect,
    note: row.note,
    withdrawalBy: row.withdrawalBy,
    withdrawalReason: row.withdrawalReason,
    withdrawnBy: row.withdrawnBy,
    mine: first !== null && first === caller.actor.id,
    recordedAt: row.recordedAt.toISOString(),
    rowVersion: row.rowVersion.toString(),
  };
}

function tighteningBody(row: RuleChangeRow, caller: Caller, law: Parameters<typeof textsChanged>[0]): Tightening {
  const changed = textsChanged(law, row);
  return {
    ...changeBody(row, caller),
    ...wordsOf(
      changed.map(({ from }) => from),
      changed.map(({ to }) => to),
    ),
  };
}

function replacementBody(row: RuleChangeRow, caller: Caller): Replacement {
  const { ruleId, part, mode, parameters, evidenceId, evidenceName, evidenceType, evidenceSize, evidenceSha256 } = row;
  if (mode === null || evidenceId === null) throw new Error(`Replacement ${row.id} lacks its mode or its evidence`);
  const tried = tryReplacement({ ruleId, part, mode, parameters }, row.from);
  return {
    ...changeBody(row, caller),
    ...(tried.ok ? replacedInWords(tried.value) : { before: [], after: [] }),
    mode,
    confidence: everyRule.find((one) => one.id === ruleId && (one.part ?? null) === part)?.confidence ?? '',
    evidence: {
      id: evidenceId,
      fileName: evidenceName ?? '',
      mediaType: (evidenceType ?? 'text/plain') as Replacement['evidence']['mediaType'],
      size: evidenceSize ?? 0,
      sha256: evidenceSha256 ?? '',
    },
  };
}

async function oneTightening(ctx: Ctx, id: string, caller: Caller): Promise<Result<Tightening, 'not_found'>> {
  const [row] = await listRuleChanges(ctx, 'tightening', id);
  return row
    ? ok(tighteningBody(row, caller, await loadLaw(ctx)))
    : refuse('not_found', 'There is no such tightening.');
}

async function oneReplacement(ctx: Ctx, id: string, caller: Caller): Promise<Result<Replacement, 'not_found'>> {
  const [row] = await listRuleChanges(ctx, 'replacement', id);
  return row ? ok(replacementBody(row, caller)) : refuse('not_found', 'There is no such replacement.');
}
