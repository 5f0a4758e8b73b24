import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Amount, Instant } from '../../kit/amount.tsx';
import { Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import type { Match } from './duplicates-page.tsx';

type Party = Match['one'];

/** Two parties side by side, what speaks for and against their being one, and what to do. */
export function Pair({ pair, actions }: { readonly pair: Match; readonly actions: ReactNode }) {
  const shared = new Set(
    pair.one.contacts.flatMap((mine) =>
      pair.other.contacts.some((theirs) => theirs.kind === mine.kind && sameValue(theirs.value, mine.value))
        ? [mine.value.toLowerCase()]
        : [],
    ),
  );
  return (
    <article className="pair" aria-label={`${pair.one.name} and ${pair.other.name}`}>
      <header className="pair-head">
        <span className="pair-score" data-likely={pair.score >= 85}>
          {pair.score}
        </span>
        <span className="grow">
          <span className="strong">{pair.score >= 85 ? 'Very likely one' : 'May be one'}</span>
          {pair.decidedAt !== null && (
            <span className="muted">
              {' '}
              {pair.state === 'merged' ? 'merged' : 'kept apart'} by {pair.decidedBy},{' '}
              <Instant at={pair.decidedAt} form="day" />
            </span>
          )}
        </span>
        <span className="row wrap pair-actions">{actions}</span>
      </header>
      <ul className="signals" aria-label="Why">
        {pair.signals.map((signal) => (
          <li key={signal.kind}>
            <Tag tone={signal.points > 0 ? 'good' : 'bad'}>
              {signal.points > 0 ? '+' : '−'}
              {Math.abs(signal.points)}
            </Tag>{' '}
            {signal.sentence}
          </li>
        ))}
      </ul>
      <div className="pair-sides">
        <Side party={pair.one} shared={shared} />
        <Side party={pair.other} shared={shared} />
      </div>
    </article>
  );
}

const sameValue = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

function Side({ party, shared }: { readonly party: Party; readonly shared: ReadonlySet<string> }) {
  const format = useFormat();
  return (
    <div className="pair-side">
      <h2>{party.name}</h2>
      <p className="muted">
        {[
          party.kind === 'person' ? 'Person' : 'Business',
          party.externalRef,
          party.country === null ? null : new Intl.DisplayNames(format.locale, { type: 'region' }).of(party.country),
          party.taxNumber === null ? null : `tax number ${party.taxNumber}`,
        ]
          .filter((part) => part !== null && part !== undefined)
          .join(' · ')}
      </p>
      <ul>
        {party.contacts.map((contact) => (
          <li key={`${contact.kind} ${contact.value}`} className="truncate" title={contact.value}>
            {shared.has(contact.value.toLowerCase()) ? <mark>{contact.value}</mark> : contact.value}
          </li>
        ))}
        {party.contacts.length === 0 && <li className="muted">No address is known</li>}
      </ul>
      <ul className="pair-accounts">
        {party.accounts.map((account) => (
          <li key={account.id} className="row">
            <span className="grow truncate">
              <Link to="/accounts/$accountId" params={{ accountId: account.id }}>
                {account.number}
              </Link>{' '}
              <span className="muted">{account.clientName}</span>
            </span>
            <Amount value={{ amountMinor: account.balanceMinor, currency: account.currency }} />
          </li>
        ))}
        {party.accountCount > party.accounts.length && (
          <li className="muted">and {format.count(party.accountCount - party.accounts.length)} more</li>
        )}
        {party.accountCount === 0 && <li className="muted">No account of their own</li>}
      </ul>
    </div>
  );
}
