import type { RuleOf } from '../rule-pack.ts';
import { type Block, deny, type Question } from './block.ts';

/** A choice without a channel or an address covers all of them. */
export function optOut(rule: RuleOf<'opt_out'>, { facts, proposal, at }: Question): Block[] {
  return facts.preferences
    .filter(
      (choice) =>
        rule.parameters.kinds.some((kind) => kind === choice.kind) &&
        (choice.channel === null || choice.channel === proposal.channel) &&
        (choice.addressKey === null || choice.addressKey === proposal.addressKey) &&
        Date.parse(choice.from) <= at.getTime(),
    )
    .map((choice) =>
      deny(
        choice.kind === 'cease'
          ? 'The person asked that all contact end.'
          : `The person opted out${choice.channel ? ` of ${choice.channel}` : ''}.`,
      ),
    );
}

/** Consent given to us or to the client, for this channel and address. What a prior collector was given is worth nothing here. */
export function consent(rule: RuleOf<'consent'>, { facts, proposal, at }: Question): Block[] {
  const now = at.getTime();
  const covered = facts.consents.some(
    (given) =>
      given.scope === rule.parameters.scope &&
      given.channel === proposal.channel &&
      (given.recipientKind === 'tenant' || (given.recipientKind === 'client' && given.clientId === facts.client.id)) &&
      (given.accountId === null || proposal.accountIds.includes(given.accountId)) &&
      (given.addressKey === null || given.addressKey === proposal.addressKey) &&
      Date.parse(given.from) <= now &&
      (given.expiresAt === null || Date.parse(given.expiresAt) > now) &&
      (given.revokedAt === null || Date.parse(given.revokedAt) > now),
  );
  return covered ? [] : [deny(`There is no consent on file for ${proposal.channel}.`)];
}

export function requiredContent(rule: RuleOf<'required_content'>, { proposal }: Question): Block[] {
  // A call carries no text, and what has happened cannot be given content any more.
  if (proposal.act === 'recorded_after') return [];
  const missing = rule.parameters.content.filter((part) => !proposal.content.includes(part));
  return missing.length === 0 ? [] : [deny(`The message lacks: ${missing.join(', ').replaceAll('_', ' ')}.`)];
}

export function notInTheFuture(_rule: RuleOf<'not_in_the_future'>, { proposal, at }: Question): Block[] {
  const future = proposal.effectiveAt !== undefined && Date.parse(proposal.effectiveAt) > at.getTime();
  return future ? [deny(`${proposal.effectiveAt} lies in the future.`)] : [];
}
