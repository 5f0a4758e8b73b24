import type { Envelope } from './envelope.ts';

/**
 * What became of one handing over. `failed`: the provider certainly does not have it; `transient` says that trying again later
 * makes sense, `badMailbox` that the address itself was refused. `uncertain`: the answer was lost after the content began to flow, so it may have arrived.
 */
export type Outcome =
  | { readonly kind: 'sent'; readonly answer: string }
  | { readonly kind: 'failed'; readonly transient: boolean; readonly badMailbox: boolean; readonly answer: string }
  | { readonly kind: 'uncertain'; readonly answer: string };

/** Hands one message to a provider. Never throws: what goes wrong is an outcome. */
export type Transport = (envelope: Envelope) => Promise<Outcome>;
