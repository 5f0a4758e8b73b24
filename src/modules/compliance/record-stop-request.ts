import type { Ctx } from '../../kernel/ctx.ts';
import { ok, type Result, refuse } from '../../kernel/result.ts';
import { recordAudit } from '../identity/public.ts';
import { lockRootsOf } from '../parties/public.ts';
import { revokeConsent, standingConsents } from './consents.ts';
import { consentScopes } from './event-facts.ts';
import { clusterOf, type NewPreference, recordPreference } from './preferences.ts';
import type { Channel } from './proposal.ts';
import { recordLegalEvent } from './record-legal-event.ts';

/** What a person asked to stop. */
export type Stopping =
  /** One way of being contacted, such as all calls. */
  | { readonly what: 'channel'; readonly channel: Channel }
  /** One address, whatever it is used for. */
  | { readonly what: 'address'; readonly addressKey: string; readonly addressKind: 'email' | 'phone' | 'postal' }
  | { readonly what: 'everything' }
  /** They will not pay: in writing it ends contact as a wish to be left alone does. */
  | { readonly what: 'refuses_to_pay' };

export type StopRequest = {
  readonly partyId: string;
  readonly stopping: Stopping;
  /** By whatever means it came; the law gives some of them more weight. */
  readonly form: 'oral' | 'written' | 'electronic';
  /** Their words, as far as known. */
  readonly said: string | null;
  readonly sourceKind: 'staff' | 'call' | 'portal' | 'import';
  readonly sourceId?: string | null;
};

export type StopRecorded = {
  readonly already: boolean;
  readonly revokedConsents: number;
  /** What was done, in a sentence for who wrote it down. */
  readonly sentence: string;
};

const scopesBy: Readonly<Partial<Record<Channel, readonly string[]>>> = {
  // A spoken "stop calling" takes back the leave to ring by machine as well: 47 CFR 64.1200(a)(10), any reasonable means.
  call: ['call', 'time', 'tcpa', 'automated_call', 'recorded_call'],
  sms: ['text', 'tcpa'],
  email: ['email', 'electronic'],
  social_private: ['electronic'],
};
const scopesByAddress = {
  phone: ['call', 'time', 'tcpa', 'automated_call', 'recorded_call', 'text'],
  email: ['email', 'electronic'],
  postal: [],
} as const;
// Left standing: how the law's own notices are delivered, and who else may be spoken to for the person.
const notAboutContact = new Set(['esign', 'third_party', 'processing']);

function scopesTakenBack(stopping: Stopping): readonly string[] {
  switch (stopping.what) {
    case 'channel':
      return scopesBy[stopping.channel] ?? [];
    case 'address':
      return scopesByAddress[stopping.addressKind];
    case 'everything':
      return consentScopes.filter((scope) => !notAboutContact.has(scope));
    case 'refuses_to_pay':
      return [];
  }
}

/**
 * Takes a wish that contact stop, however it was said, and writes what it means: an opt-out of the channel or the address, a wish to be
 * left alone, a refusal to pay; and takes back the consents it contradicts. It binds for the whole person and all debts from this
 * transaction on, which holds the person's lock, so that no send decided on before can slip in after. Refuses: `not_found`.
 */
export async function recordStopRequest(ctx: Ctx, request: StopRequest): Promise<Result<StopRecorded, 'not_found'>> {
  const { stopping, partyId } = request;
  const clusterId = await clusterOf(ctx, partyId);
  if (clusterId === null) return refuse('not_found', `There is no party ${partyId}.`);
  await lockRootsOf(ctx, [clusterId]);
  const written = await writeWish(ctx, request);
  if (!written.ok) return written;
  const consents = await standingConsents(
    ctx,
    clusterId,
    scopesTakenBack(stopping),
    stopping.what === 'address' ? stopping.addressKey : null,
  );
  for (const consentId of consents) {
    const revoked = await revokeConsent(ctx, { consentId, evidence: { said: request.said, form: request.form } });
    if (!revoked.ok) throw new Error(revoked.detail);
  }
  const { already } = written.value;
  if (!already)
    await recordAudit(ctx, {
      action: 'stop_request.recorded',
      subjectKind: 'party',
      subjectId: partyId,
      detail: { what: stopping.what, form: request.form, source: request.sourceKind, consentsRevoked: consents.length },
    });
  return ok({ already, revokedConsents: consents.length, sentence: sentenceOf(stopping, already, consents.length) });
}

async function writeWish(ctx: Ctx, request: StopRequest): Promise<Result<{ already: boolean }, 'not_found'>> {
  const { stopping, partyId, form } = request;
  if (stopping.what === 'refuses_to_pay') {
    const event = await recordLegalEvent(ctx, {
      type: 'refusal_to_pay',
      partyId,
      accountIds: null,
      detail: { form },
      note: request.said,
      sourceKind: request.sourceKind,
      sourceId: request.sourceId ?? null,
    });
    if (event.ok) return event;
    if (event.code === 'not_found') return refuse('not_found', event.detail);
    throw new Error(event.detail);
  }
  const said = request.said?.trim();
  const wish: NewPreference = {
    partyId,
    kind: stopping.what === 'everything' ? 'cease' : 'opt_out',
    channel: stopping.what === 'channel' ? stopping.channel : null,
    addressKey: stopping.what === 'address' ? stopping.addressKey : null,
    detail: { form, ...(said && { said: said.slice(0, 1000) }) },
    sourceKind: request.sourceKind,
    sourceId: request.sourceId ?? null,
  };
  return recordPreference(ctx, wish);
}

const channelWords: Readonly<Partial<Record<Channel, string>>> = {
  call: 'calls',
  sms: 'texts',
  email: 'e-mails',
  letter: 'letters',
  visit: 'visits',
};

function sentenceOf(stopping: Stopping, already: boolean, consents: number): string {
  const what = {
    channel: stopping.what === 'channel' ? `No more ${channelWords[stopping.channel] ?? 'contact by it'}` : '',
    address: 'The address is not used any more',
    everything: 'No more contact at all',
    refuses_to_pay: 'The refusal to pay is on record',
  }[stopping.what];
  const since = already ? ', as it was already.' : ', for all debts of this person, from now on.';
  const taken = consents === 0 ? '' : ` ${consents === 1 ? 'One consent is' : `${consents} consents are`} taken back.`;
  return `${what}${since}${taken}`;
}
