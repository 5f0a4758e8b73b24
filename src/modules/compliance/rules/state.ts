import type { HoldFact } from '../gate-facts.ts';
import { type JudgedCase, proposedDebts } from '../judged-case.ts';
import type { RuleOf } from '../rule-pack.ts';
import { type Block, defer, deny } from './block.ts';

type StateRule = RuleOf<'own_state'>;

/** One stated condition of the person, account, client or address that stops the act while it lasts. */
export function ownState(rule: StateRule, judged: JudgedCase): Block[] {
  const { facts, proposal, at } = judged;
  const accounts = proposedDebts(judged);
  switch (rule.parameters.state) {
    case 'hold':
      return [...facts.holds.flatMap((hold) => blockOfHold(rule, hold, judged)), ...silence(rule, judged)];
    case 'wide_stop':
      return facts.wideStops
        .filter((stop) => Date.parse(stop.from) <= at.getTime())
        .map((stop) => deny(`Contact is stopped for the whole ${stop.scope}: ${stop.reason}.`));
    case 'stale_feed':
      return staleFeed(judged);
    case 'no_address':
      return proposal.addressKey === null ? [deny(`There is no ${proposal.channel} address for this person.`)] : [];
    case 'bad_address':
      return badAddress(judged);
    case 'account_state':
      return accounts
        .filter((account) => !(rule.parameters.allowed ?? []).includes(account.state))
        .map((account) => deny(`Account ${account.number} is ${account.state.replaceAll('_', ' ')}.`, account.id));
    case 'sensitive':
      return accounts
        .filter((account) => account.sensitive)
        .map((account) => deny(`Account ${account.number} is marked sensitive.`, account.id));
    case 'nothing_due':
      return accounts
        .filter((account) => BigInt(account.dueMinor) <= 0n)
        .map((account) => deny(`Nothing is owed on account ${account.number} after credits.`, account.id));
    case 'not_yet_happened':
      return proposal.effectiveAt !== undefined && Date.parse(proposal.effectiveAt) > at.getTime()
        ? [deny(`${proposal.effectiveAt} lies in the future.`)]
        : [];
  }
}

// A hold on items stops what is said about those items: they are left out of the content, and the rest may be spoken about.
function blockOfHold(rule: StateRule, hold: HoldFact, { proposal, at }: JudgedCase): Block[] {
  const now = at.getTime();
  if (hold.coverage === 'items' || !hold.effects.includes(rule.parameters.effect ?? 'stop_contact')) return [];
  if (hold.accountId !== null && !proposal.accountIds.includes(hold.accountId)) return [];
  if (Date.parse(hold.from) > now || (hold.to !== null && Date.parse(hold.to) <= now)) return [];
  const named = hold.reason.replaceAll('_', ' ');
  return hold.to === null
    ? [deny(`A hold (${named}) is in force until it is released.`, hold.accountId)]
    : [defer(new Date(hold.to), `A hold (${named}) is in force until ${hold.to}.`, hold.accountId)];
}

// Unless nothing is left to speak about: a text would be empty, but a call has no text.
function silence(rule: StateRule, judged: JudgedCase): Block[] {
  if ((rule.parameters.effect ?? 'stop_contact') !== 'stop_contact') return [];
  return proposedDebts(judged)
    .filter((account) => account.silenced)
    .map((account) => deny(`Everything open on account ${account.number} is under a hold.`, account.id));
}

function staleFeed({ facts, at }: JudgedCase): Block[] {
  const { feedThrough, feedMaxAgeHours } = facts.client;
  if (feedThrough === null || feedMaxAgeHours === null) return [];
  const stale = at.getTime() - Date.parse(feedThrough) > feedMaxAgeHours * 3_600_000;
  return stale
    ? [
        deny(
          `The newest data of this client is of ${feedThrough}, older than ${feedMaxAgeHours} hours. Import a newer file.`,
        ),
      ]
    : [];
}

function badAddress({ facts, proposal }: JudgedCase): Block[] {
  if (proposal.addressKey === null) return [];
  if (facts.address === null || facts.address.key !== proposal.addressKey)
    return [deny('The address does not belong to this person.')];
  if (facts.address.ended) return [deny('The address is no longer in use.')];
  const { quality } = facts.address;
  return quality === 'wrong' || quality === 'bounced' ? [deny(`The address is marked ${quality}.`)] : [];
}
