import { Button, Drawer } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Amount, Day, Instant } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { useRead, useWrite } from '../../kit/queries.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { Empty, Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';
import {
  ConsentForm,
  DebtForm,
  EventForm,
  type LegalFormProps,
  scopeWords,
  StopForm,
  WishForm,
} from './legal-forms.tsx';
import { KeepingPart } from './keeping-part.tsx';
import { ReasonModal } from './promises-tab.tsx';

type Account = Output<'getAccount'>;
type Legal = Output<'getLegal'>;

const forms = {
  stop: { title: 'They asked us to stop', permission: 'holds.write', form: StopForm },
  event: { title: 'Record what happened', permission: 'holds.write', form: EventForm },
  debt: { title: 'Describe the debt', permission: 'holds.write', form: DebtForm },
  consent: { title: 'Record a consent', permission: 'calls.log', form: ConsentForm },
  wish: { title: 'Record a wish', permission: 'holds.write', form: WishForm },
} as const satisfies Record<string, { title: string; permission: string; form: (props: LegalFormProps) => ReactNode }>;
type FormName = keyof typeof forms;

/** What the law weighs about the person who owes, and what follows from it for this account. */
export function LegalTab({ account }: { readonly account: Account }) {
  const legal = useRead('getLegal', { params: { accountId: account.id } });
  const [open, setOpen] = useState<FormName | null>(null);
  if (legal.error !== null) return <Problem error={legal.error} retry={() => void legal.refetch()} />;
  if (legal.data === undefined) return <SkeletonLines rows={8} height={18} />;
  const Form = open === null ? null : forms[open].form;
  const { data } = legal;
  return (
    <div className="stack" style={{ gap: 28 }}>
      <Stands legal={data} open={setOpen} />
      <Clocks legal={data} />
      <Debt account={account} legal={data} open={setOpen} />
      <Consents legal={data} open={setOpen} />
      <Wishes legal={data} open={setOpen} />
      <History legal={data} />
      <KeepingPart account={account} />
      <Drawer
        opened={open !== null}
        onClose={() => setOpen(null)}
        position="right"
        size={440}
        title={open === null ? '' : forms[open].title}
      >
        {Form !== null && (
          <Form
            account={account}
            legal={data}
            done={(sentence) => {
              say(sentence);
              setOpen(null);
            }}
          />
        )}
      </Drawer>
    </div>
  );
}

interface PartProps {
  readonly legal: Legal;
  readonly open: (form: FormName) => void;
}

function Part({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={title}>
      <div className="row wrap" style={{ marginBottom: 8 }}>
        <h3 className="strong grow" aria-level={2}>
          {title}
        </h3>
        {aside}
      </div>
      {children}
    </section>
  );
}

function OpenForm({
  name,
  label,
  open,
}: {
  readonly name: FormName;
  readonly label: string;
  readonly open: PartProps['open'];
}) {
  const may = useMay();
  if (!may(forms[name].permission)) return null;
  return (
    <Button variant="default" onClick={() => open(name)}>
      {label}
    </Button>
  );
}

const collectors: Readonly<Record<string, string>> = {
  first_party: 'the creditor itself',
  third_party: 'a collector for others',
  debt_buyer: 'a buyer of debts',
};
const plain = (value: unknown): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : Array.isArray(value) ? value.join(', ') : words(String(value));
const dayNames = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'];

/** What was said beside the state itself; times as people say them, the rest by its name. */
function details({ weekdays, from, to, ...others }: Readonly<Record<string, unknown>>): string {
  const days = Array.isArray(weekdays) ? weekdays.map((day) => dayNames[Number(day) - 1] ?? String(day)) : [];
  const hours = typeof from === 'string' && typeof to === 'string' ? `${from} to ${to}` : null;
  const time = [days.length === 7 ? 'every day' : days.join(', '), hours].filter(
    (part) => part !== null && part !== '',
  );
  const said = Object.entries(others)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${words(name).toLowerCase()}: ${plain(value)}`);
  return [...(time.length > 0 ? [time.join(', ')] : []), ...said].join('; ');
}

function Stands({ legal, open }: PartProps) {
  return (
    <Part
      title="What stands"
      aside={
        <>
          <OpenForm name="stop" label="They asked us to stop" open={open} />
          <OpenForm name="event" label="Record what happened" open={open} />
        </>
      }
    >
      <p className="muted" style={{ marginBottom: 8 }}>
        You act as {collectors[legal.collector]}
        {legal.jurisdictions.length > 0 && ` under the law of ${legal.jurisdictions.join(', ')}`}.
      </p>
      {legal.standing.length === 0 ? (
        <Empty title="Nothing stands in the way">
          No attorney, dispute, bankruptcy, moratorium or wish binds this account. Record one the moment you hear of it.
        </Empty>
      ) : (
        <ul className="cards">
          {legal.standing.map((state) => (
            <li key={`${state.type}-${state.since}`}>
              <div className="card">
                <div className="row wrap">
                  <span className="strong grow">{state.label}</span>
                  <span className="muted">
                    since <Instant at={state.since} form="day" />
                    {state.until !== null && (
                      <>
                        {' until '}
                        <Instant at={state.until} form="day" />
                      </>
                    )}
                  </span>
                </div>
                <p className="soft">{state.sentence}</p>
                {Object.keys(state.detail).length > 0 && <p className="muted">{details(state.detail)}</p>}
                {state.rules.map((rule) => (
                  <p key={`${rule.ruleId}-${rule.title}`} className="soft" style={{ marginTop: 4 }}>
                    {rule.sentence} <span className="muted">{rule.citation}</span>
                  </p>
                ))}
                {state.rules.length === 0 && <p className="muted">No rule in force for this account turns on it.</p>}
                {state.endedBy.length > 0 && <p className="muted">Ends with: {state.endedBy.join('; ')}.</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Clocks({ legal }: { readonly legal: Legal }) {
  if (legal.clocks.length === 0) return null;
  return (
    <Part title="Clocks">
      <ul className="cards">
        {legal.clocks.map((clock) => (
          <li key={`${clock.ruleId}-${clock.part}-${clock.startedAt}`}>
            <div className="card">
              <div className="row wrap">
                <span className="strong grow">{clock.title}</span>
                {clock.doneAt === null ? (
                  <Tag tone={clock.overdue ? 'bad' : 'warn'}>{clock.overdue ? 'Overdue' : 'Running'}</Tag>
                ) : (
                  <Tag tone="good">Done</Tag>
                )}
                <span className="muted">
                  due by <Day date={clock.dueBy} />
                </span>
              </div>
              <p className="soft">
                {clock.sentence} <span className="muted">{clock.citation}</span>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Debt({ account, legal, open }: PartProps & { readonly account: Account }) {
  const { debt } = legal;
  return (
    <Part
      title="The debt"
      aside={<OpenForm name="debt" label={debt === null ? 'Describe the debt' : 'Change'} open={open} />}
    >
      {debt === null ? (
        <Empty title="Nobody has described this debt">
          Its kind, charge-off and last day to sue decide what may be said; what is not known counts against contact.
        </Empty>
      ) : (
        <dl className="facts">
          <dt>Kind</dt>
          <dd>{debt.product === null ? 'Not known' : words(debt.product)}</dd>
          <dt>Principal</dt>
          <dd>
            {debt.principalMinor === null ? (
              'Not known'
            ) : (
              <Amount value={{ amountMinor: debt.principalMinor, currency: account.currency }} />
            )}
          </dd>
          <dt>Charged off</dt>
          <dd>{debt.chargedOffOn === null ? 'No' : <Day date={debt.chargedOffOn} />}</dd>
          <dt>Last day to sue</dt>
          <dd>
            {debt.lastDayToSue !== null ? (
              <Day date={debt.lastDayToSue} />
            ) : debt.limitation === null ? (
              'Not known'
            ) : (
              'No period runs'
            )}
            {debt.limitation !== null && <div className="muted">{details(debt.limitation)}</div>}
          </dd>
          <dt>Described by</dt>
          <dd>
            {debt.recordedBy}, <Instant at={debt.recordedAt} form="day" />
          </dd>
        </dl>
      )}
    </Part>
  );
}

function Consents({ legal, open }: PartProps) {
  const may = useMay();
  const revoke = useWrite('revokeConsent');
  const [revoking, setRevoking] = useState<Legal['consents'][number] | null>(null);
  const number = (id: string | null) => legal.debts.find((one) => one.id === id)?.number ?? 'All';
  return (
    <Part title="Consents" aside={<OpenForm name="consent" label="Record a consent" open={open} />}>
      {legal.consents.length === 0 ? (
        <Empty title="No consents">
          What the person agreed to, with what proves it. Without one, what needs consent is refused.
        </Empty>
      ) : (
        <ScrollRegion label="Consents, scrolls sideways">
          <table className="table" aria-label="Consents">
            <thead>
              <tr>
                <th scope="col">Agreed</th>
                <th scope="col">Given</th>
                <th scope="col">For</th>
                <th scope="col">Evidence</th>
                <th scope="col">Ends</th>
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {legal.consents.map((one) => (
                <tr key={one.id}>
                  <td>
                    <span className={one.revokedAt === null ? 'strong' : 'muted'}>
                      {scopeWords[one.scope] ?? words(one.scope)}
                    </span>
                    <div className="muted">
                      {words(one.channel)}
                      {one.addressKey !== null && `, ${one.addressKey}`}
                    </div>
                    {Object.keys(one.detail).length > 0 && <div className="muted">{details(one.detail)}</div>}
                  </td>
                  <td className="soft">
                    {one.giver}, to{' '}
                    {one.recipientKind === 'tenant' ? 'us' : (one.clientName ?? words(one.recipientKind).toLowerCase())}
                    <div className="muted">
                      <Instant at={one.effectiveFrom} form="day" />
                    </div>
                  </td>
                  <td className="soft">{number(one.accountId)}</td>
                  <td className="soft">{Object.values(one.evidence).map(plain).join('; ')}</td>
                  <td className="soft">
                    {one.revokedAt !== null ? (
                      <>
                        revoked <Instant at={one.revokedAt} form="day" />
                      </>
                    ) : one.expiresAt !== null ? (
                      <Instant at={one.expiresAt} form="day" />
                    ) : (
                      'When taken back'
                    )}
                  </td>
                  <td className="right">
                    {one.revokedAt === null && may('holds.write') && (
                      <Button variant="subtle" onClick={() => setRevoking(one)}>
                        Revoke
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {revoking !== null && (
        <ReasonModal
          title="Take this consent back"
          consequence="In force at once; what was planned on the strength of it is void. A consent cannot be given back, only given anew."
          label="How and in which words"
          action="Revoke the consent"
          pending={revoke.isPending}
          error={revoke.error}
          close={() => setRevoking(null)}
          submit={(said) =>
            revoke.mutate(
              { params: { consentId: revoking.id }, body: { said } },
              {
                onSuccess: () => {
                  say('The consent is revoked.');
                  setRevoking(null);
                },
              },
            )
          }
        />
      )}
    </Part>
  );
}

const wishWords: Readonly<Record<string, string>> = {
  opt_out: 'No contact by this',
  cease: 'No contact at all',
  inconvenient_time: 'Not at this time',
  inconvenient_place: 'Not at this place',
  language: 'Language',
};

function Wishes({ legal, open }: PartProps) {
  const may = useMay();
  const end = useWrite('endWish');
  const [ending, setEnding] = useState<Legal['wishes'][number] | null>(null);
  return (
    <Part title="Wishes" aside={<OpenForm name="wish" label="Record a wish" open={open} />}>
      {legal.wishes.length === 0 ? (
        <Empty title="No wishes">Times, languages and ways of contact the person asked us to keep to.</Empty>
      ) : (
        <ul className="cards">
          {legal.wishes.map((wish) => (
            <li key={wish.id}>
              <div className="card">
                <div className="row wrap">
                  <span className={wish.endedAt === null ? 'strong grow' : 'muted grow'}>
                    {wishWords[wish.kind] ?? words(wish.kind)}
                    {wish.channel !== null && `: ${words(wish.channel).toLowerCase()}`}
                    {wish.addressKey !== null && `, ${wish.addressKey}`}
                  </span>
                  <span className="muted">
                    <Instant at={wish.effectiveFrom} form="day" />
                    {wish.endedAt !== null && (
                      <>
                        {' to '}
                        <Instant at={wish.endedAt} form="day" />
                      </>
                    )}
                  </span>
                  {wish.endedAt === null && may('holds.release') && (
                    <Button variant="subtle" onClick={() => setEnding(wish)}>
                      End
                    </Button>
                  )}
                </div>
                {Object.keys(wish.detail).length > 0 && <p className="muted">{details(wish.detail)}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
      {ending !== null && (
        <ReasonModal
          title="The person took this wish back"
          consequence="Contact that the wish stopped can be planned again from the next run on, where nothing else stops it."
          label="How do you know"
          action="End the wish"
          pending={end.isPending}
          error={end.error}
          close={() => setEnding(null)}
          submit={(reason) =>
            end.mutate(
              { params: { wishId: ending.id }, body: { reason } },
              {
                onSuccess: () => {
                  say('The wish has ended.');
                  setEnding(null);
                },
              },
            )
          }
        />
      )}
    </Part>
  );
}

function History({ legal }: { readonly legal: Legal }) {
  if (legal.events.length === 0) return null;
  const numbers = new Map(legal.debts.map((one) => [one.id, one.number]));
  return (
    <Part title="On record">
      <ScrollRegion label="Legal events, scrolls sideways">
        <table className="table" aria-label="Legal events">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">About</th>
              <th scope="col">Recorded</th>
            </tr>
          </thead>
          <tbody>
            {legal.events.map((event) => (
              <tr key={event.id}>
                <td className="soft">
                  <Instant at={event.effectiveAt} form="day" />
                </td>
                <td>
                  {event.label}
                  {Object.keys(event.detail).length > 0 && <div className="muted">{details(event.detail)}</div>}
                  {event.note !== null && <div className="muted">{event.note}</div>}
                </td>
                <td className="soft">
                  {event.accountIds === null
                    ? 'Everything'
                    : event.accountIds.map((id) => numbers.get(id) ?? '').join(', ')}
                  {event.addressKey !== null && <div className="muted">{event.addressKey}</div>}
                </td>
                <td className="muted">
                  {event.recordedBy}, <Instant at={event.recordedAt} form="day" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Part>
  );
}
