import { Button, Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Amount, Day, Instant } from '../../kit/amount.tsx';
import { decimal } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { useWrite } from '../../kit/queries.ts';
import { Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';
import { CasePanel } from './case-panel.tsx';
import { LinksPanel } from './links-panel.tsx';

type Account = Output<'getAccount'>;

/** Who they are, how to reach them, how they pay, and what else they owe. */
export function AccountAside({
  account,
  addContact,
  addLink,
  addToCase,
}: {
  readonly account: Account;
  readonly addContact: () => void;
  readonly addLink: () => void;
  /** Null when there is no account to add. */
  readonly addToCase: (() => void) | null;
}) {
  const format = useFormat();
  const may = useMay();
  const { behaviour, partyDetail: party } = account;
  // Those of the case stand there.
  const others = account.otherAccounts.filter((other) => !account.case?.accounts.some((one) => one.id === other.id));
  const judged = behaviour.promisesKept + behaviour.promisesBroken;
  return (
    <aside className="acct-aside" aria-label="About the customer">
      <section>
        <h2>Reach</h2>
        <ul className="points">
          {account.contactPoints.map((point) => (
            <Point key={point.id} account={account} point={point} />
          ))}
        </ul>
        {account.contactPoints.length === 0 && (
          <p className="bad">No e-mail, phone or address is known. Nothing can be sent.</p>
        )}
        {may('calls.log') && (
          <Button variant="subtle" px={0} leftSection={<Icon name="plus" size={13} />} onClick={addContact}>
            Add a contact
          </Button>
        )}
      </section>
      <CasePanel account={account} add={addToCase} />
      <LinksPanel account={account} add={addLink} />
      <section>
        <h2>Customer</h2>
        <dl className="facts">
          <dt>Local time</dt>
          <dd className="num">
            {party.localTime === null ? <span className="warn">zone unknown</span> : format.clock(party.localTime)}
            {party.timeZone !== null && (
              <span className="muted"> {party.timeZone.split('/').at(-1)?.replaceAll('_', ' ')}</span>
            )}
          </dd>
          {party.country !== null && (
            <>
              <dt>Country</dt>
              <dd>{new Intl.DisplayNames(format.locale, { type: 'region' }).of(party.country)}</dd>
            </>
          )}
          {party.taxNumber !== null && (
            <>
              <dt>Tax number</dt>
              <dd>{party.taxNumber}</dd>
            </>
          )}
          {party.externalRef !== null && (
            <>
              <dt>Their number</dt>
              <dd>{party.externalRef}</dd>
            </>
          )}
          <dt>Assigned to</dt>
          <dd>{account.assignedTo?.name ?? <span className="muted">nobody</span>}</dd>
          <dt>Opened</dt>
          <dd>
            <Day date={account.openedOn} />
          </dd>
        </dl>
      </section>
      <section>
        <h2>How they pay</h2>
        <dl className="facts">
          <dt>Settled items</dt>
          <dd className="num">{format.count(behaviour.settledItems)}</dd>
          <dt>Average delay</dt>
          <dd className="num">
            {behaviour.averageDaysLate === null ? (
              <span className="muted">–</span>
            ) : (
              `${decimal(format.locale, behaviour.averageDaysLate, 1)} days`
            )}
          </dd>
          <dt>Promises kept</dt>
          <dd className="num">
            {judged === 0 ? <span className="muted">–</span> : `${behaviour.promisesKept} of ${judged}`}
          </dd>
          <dt>Paid so far</dt>
          <dd>
            <Amount value={{ amountMinor: behaviour.paidMinor, currency: account.currency }} />
          </dd>
          <dt>Last paid</dt>
          <dd>
            {account.lastPaidOn === null ? <span className="muted">never</span> : <Day date={account.lastPaidOn} />}
          </dd>
          <dt>Last contact</dt>
          <dd>
            {account.lastContactAt === null ? (
              <span className="muted">never</span>
            ) : (
              <Instant at={account.lastContactAt} />
            )}
          </dd>
        </dl>
      </section>
      {others.length > 0 && (
        <section>
          <h2>Other accounts</h2>
          <ul className="points">
            {others.map((other) => (
              <li key={other.id}>
                <Link to="/accounts/$accountId" params={{ accountId: other.id }} className="grow truncate">
                  {other.number}
                </Link>
                <Amount value={{ amountMinor: other.balanceMinor, currency: other.currency }} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
}

function Point({ account, point }: { readonly account: Account; readonly point: Account['contactPoints'][number] }) {
  const may = useMay();
  const change = useWrite('changeContactPoint');
  const off = point.endedAt !== null || point.quality === 'wrong' || point.quality === 'bounced';
  const set = (
    body: { quality?: 'verified' | 'wrong' | 'unverified'; ended?: boolean; optOut?: boolean },
    sentence: string,
  ) =>
    change.mutate(
      { params: { accountId: account.id, contactPointId: point.id }, body },
      { onSuccess: () => say(sentence), onError: sayProblem },
    );
  return (
    <li data-off={off}>
      <span className="grow">
        <span className="value truncate" style={{ display: 'block' }} title={point.value}>
          {point.value}
        </span>
        {point.label !== null && <span className="muted">{point.label}</span>}
      </span>
      {point.optedOut ? (
        <Tag tone="bad">Opted out</Tag>
      ) : off ? (
        <Tag tone="bad">{point.endedAt === null ? words(point.quality) : 'Ended'}</Tag>
      ) : point.quality === 'verified' ? (
        <Tag tone="good">Verified</Tag>
      ) : null}
      {may('notes.write') && (
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <button type="button" className="info-button" aria-label={`Change ${point.value}`}>
              <Icon name="more" size={15} />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {point.quality !== 'verified' && (
              <Menu.Item onClick={() => set({ quality: 'verified' }, 'Marked as verified.')}>It is right</Menu.Item>
            )}
            {point.quality !== 'wrong' && (
              <Menu.Item onClick={() => set({ quality: 'wrong' }, 'Marked as wrong. It will not be used.')}>
                It is wrong
              </Menu.Item>
            )}
            {!point.optedOut && (
              <Menu.Item onClick={() => set({ optOut: true }, 'Opt-out recorded. What was planned there is void.')}>
                They opted out
              </Menu.Item>
            )}
            {point.endedAt === null && (
              <Menu.Item onClick={() => set({ ended: true }, 'No longer in use.')}>No longer theirs</Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}
