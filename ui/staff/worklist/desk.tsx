import { Button, Checkbox, Switch, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { Amount, Day, Instant } from '../../kit/amount.tsx';
import { DateInput } from '../../kit/fields.tsx';
import { addDays } from '../../kit/format.ts';
import { Figure } from '../../kit/page.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { useShortcuts } from '../../kit/shortcuts.ts';
import { Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { WhyCard } from '../../kit/why-card.tsx';
import { AskOverride } from '../compliance/overrides.tsx';
import {
  draftPromise,
  type Outcome,
  OutcomeKeys,
  outcomes,
  promiseBody,
  PromiseFields,
} from '../account/call-form.tsx';
import { type Item, owing } from '../account/item-picker.tsx';
import { Standing } from '../accounts/account-words.tsx';
import { Approval } from './approval.tsx';
import type { Next } from './worklist-page.tsx';

type Account = NonNullable<Next['account']>;
type Take = (skip: string | null) => void;

/** One account to work: an outcome key, Enter, and the next one is here. */
export function Desk({ next, loading, take }: { readonly next: Next; readonly loading: boolean; readonly take: Take }) {
  if (next.account === null || next.task === null) return null;
  return (
    <div className="desk" data-busy={loading} aria-busy={loading}>
      <Who next={next} account={next.account} />
      {next.task.kind === 'approval' ? (
        <Approval task={next.task} loading={loading} take={take} />
      ) : (
        <OutcomePanel
          account={next.account}
          items={next.items}
          call={next.call}
          task={next.task}
          caseTasks={next.caseTasks}
          loading={loading}
          take={take}
        />
      )}
    </div>
  );
}

function Who({ next, account }: { readonly next: Next; readonly account: Account }) {
  const format = useFormat();
  const { currency } = account;
  const phones = account.contactPoints.filter(
    (point) => point.kind === 'phone' && point.endedAt === null && point.quality !== 'wrong',
  );
  const recent = useRead('getTimeline', { params: { accountId: account.id }, query: { limit: 5 } });
  const open = owing(next.items).slice(0, 8);
  return (
    <div>
      <div className="desk-who">
        <h2>
          <Link
            to="/accounts/$accountId"
            params={{ accountId: account.id }}
            style={{ color: 'inherit', textDecoration: 'none' }}
          >
            {account.party.name}
          </Link>
        </h2>
        <span className="muted">{account.number}</span>
        <span className="muted">{account.client.name}</span>
        <Standing row={account} />
      </div>
      {next.call !== null && <WhyCard why={next.call} />}
      {next.call !== null && next.account !== null && <AskOverride accountId={next.account.id} why={next.call} />}
      <div className="desk-phone">
        {phones.map((phone) => (
          <span key={phone.id}>
            <a href={`tel:${phone.value.replaceAll(/[^+\d]/g, '')}`}>{phone.value}</a>{' '}
            <span className="muted">{phone.label}</span>
          </span>
        ))}
        {phones.length === 0 && <span className="bad">No phone number is known.</span>}
        <span className="soft">
          {account.partyDetail.localTime === null ? (
            'Their time is unknown'
          ) : (
            <>
              It is <b className="num">{format.clock(account.partyDetail.localTime)}</b> for them
            </>
          )}
        </span>
      </div>
      <div className="desk-why">
        {next.priorityReasons.map((reason) => (
          <Tag key={reason}>{reason}</Tag>
        ))}
      </div>
      <Changed changes={next.changes} />
      <TogetherWith account={account} caseTasks={next.caseTasks} />
      <dl className="figures" style={{ marginTop: 18 }}>
        <Figure
          label="Overdue"
          value={<Amount value={{ amountMinor: account.overdueMinor, currency }} />}
          foot={
            account.oldestDueOn === null ? undefined : (
              <>
                oldest due <Day date={account.oldestDueOn} />
              </>
            )
          }
        />
        <Figure
          label="Balance"
          value={<Amount value={{ amountMinor: account.balanceMinor, currency }} />}
          foot={`${format.count(account.openItems)} open`}
        />
        <Figure
          label="Days past due"
          value={format.count(account.daysPastDue)}
          foot={`${account.behaviour.promisesKept} promises kept, ${account.behaviour.promisesBroken} broken`}
        />
      </dl>
      <table className="table" aria-label="Open items" style={{ marginTop: 10 }}>
        <tbody>
          {open.map((item) => (
            <tr key={item.id}>
              <td className="strong">{item.number ?? item.description}</td>
              <td className="soft">
                <Day date={item.dueOn} />
              </td>
              <td className={`right num ${item.daysPastDue > 60 ? 'bad' : 'soft'}`}>
                {item.daysPastDue > 0 ? `${item.daysPastDue} days` : ''}
              </td>
              <td className="right">
                <Amount value={{ amountMinor: item.openMinor, currency }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2 className="label" style={{ margin: '22px 0 4px' }}>
        Lately
      </h2>
      {recent.data === undefined ? (
        <SkeletonLines rows={3} />
      ) : (
        <ul className="cards">
          {recent.data.rows.map((entry) => (
            <li key={entry.id}>
              <div className="card">
                <span className="row">
                  <span className="grow truncate">{entry.title}</span>
                  <span className="muted">
                    <Instant at={entry.at} form="day" />
                  </span>
                </span>
                {entry.body !== null && <span className="soft">{entry.body}</span>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What a person should know who chose this call before it happened. */
function Changed({ changes }: { readonly changes: Next['changes'] }) {
  if (changes.length === 0) return null;
  return (
    <section className="panel desk-note" aria-label="Changed since">
      <h2>Changed since this call was agreed</h2>
      <ul>
        {changes.map((change) => (
          <li key={change.id} className="row">
            <span className="grow">{change.title}</span>
            <span className="muted">
              <Instant at={change.at} form="day" />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The other accounts of the case: they came along, and one call can be about all of them. */
function TogetherWith({ account, caseTasks }: { readonly account: Account; readonly caseTasks: Next['caseTasks'] }) {
  const others = account.case?.accounts.filter((one) => one.id !== account.id) ?? [];
  if (others.length === 0) return null;
  return (
    <section className="panel desk-note" aria-label="Case">
      <h2>In one case with</h2>
      <ul>
        {others.map((one) => (
          <li key={one.id} className="row">
            <span className="grow" style={{ minWidth: 0 }}>
              <Link to="/accounts/$accountId" params={{ accountId: one.id }}>
                {one.number}
              </Link>{' '}
              <span className="muted">{one.client.name}</span>
              {caseTasks
                .filter((each) => each.account.id === one.id)
                .map((each) => (
                  <span key={each.id} className="soft" style={{ display: 'block' }}>
                    {each.title}
                  </span>
                ))}
            </span>
            <Amount value={{ amountMinor: one.balanceMinor, currency: one.currency }} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OutcomePanel({
  account,
  items,
  call,
  task,
  caseTasks,
  loading,
  take,
}: {
  readonly account: Account;
  readonly items: readonly Item[];
  readonly call: Next['call'];
  readonly task: NonNullable<Next['task']>;
  readonly caseTasks: Next['caseTasks'];
  readonly loading: boolean;
  readonly take: Take;
}) {
  const format = useFormat();
  const log = useWrite('logCall', ['getAccount', 'getTimeline']);
  const close = useWrite('closeTask', []);
  const reopen = useWrite('reopenTask');
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [note, setNote] = useState('');
  const [callBackOn, setCallBackOn] = useState('');
  const [promising, setPromising] = useState(false);
  const [draft, setDraft] = useState(() => draftPromise(account, items, format.today));
  const [afterTheFact, setAfter] = useState(false);
  // One call to a person is about all they owe unless somebody says otherwise.
  const [whole, setWhole] = useState(true);
  const noteBox = useRef<HTMLTextAreaElement>(null);
  const barred = call !== null && call.outcome !== 'allow';
  const promise = promising ? promiseBody(draft, account.currency, format.today) : null;
  const phone = account.contactPoints.find(
    (point) => point.kind === 'phone' && point.endedAt === null && point.quality !== 'wrong',
  );
  const busy = loading || log.isPending || close.isPending;
  const ready = outcome !== null && !busy && (!promising || promise !== null) && (!barred || afterTheFact);
  const save = () => {
    if (outcome === null || !ready) return;
    log.mutate(
      {
        params: { accountId: account.id },
        body: {
          contactPointId: phone?.id ?? null,
          outcome,
          taskId: task.id,
          alsoTaskIds: whole ? caseTasks.map((each) => each.id) : [],
          note: note.trim() === '' ? null : note.trim(),
          callBackOn: callBackOn === '' ? null : callBackOn,
          promise,
          afterTheFact,
        },
      },
      {
        onSuccess: (logged) => {
          say(logged.sentence);
          take(null);
        },
      },
    );
  };
  const closeWithoutCall = () =>
    close.mutate(
      { params: { taskId: task.id }, body: { outcome: note.trim() === '' ? 'Closed without a call' : note.trim() } },
      {
        onSuccess: () => {
          say('Closed without a call.', () =>
            reopen.mutate({ params: { taskId: task.id }, body: {} }, { onError: sayProblem }),
          );
          take(null);
        },
        onError: sayProblem,
      },
    );
  useShortcuts(
    {
      ...Object.fromEntries(outcomes.map((each, index) => [String(index + 1), () => setOutcome(each)])),
      Enter: save,
      n: () => noteBox.current?.focus(),
      p: () => setPromising((before) => !before),
      ...(caseTasks.length > 0 ? { w: () => setWhole((before) => !before) } : {}),
      s: () => take(task.id),
    },
    !busy,
  );
  return (
    <form
      className="panel desk-side stack"
      aria-label="Outcome of the call"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <div>
        <p className="strong">{task.title}</p>
        <p className="soft">{task.reason}</p>
      </div>
      {caseTasks.length > 0 && (
        <Checkbox
          size="xs"
          checked={whole}
          onChange={(event) => setWhole(event.currentTarget.checked)}
          label={`The call is about the whole case (w)`}
          description={`Also closes ${caseTasks.length === 1 ? 'the task' : `the ${caseTasks.length} tasks`} on ${caseTasks.map((each) => each.account.number).join(', ')}. A promise covers this account only.`}
        />
      )}
      <OutcomeKeys chosen={outcome} choose={setOutcome} />
      <Textarea
        ref={noteBox}
        label="Note"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            save();
          }
        }}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={5000}
      />
      <div>
        <DateInput label="Call back on" value={callBackOn} min={format.today} change={setCallBackOn} required={false} />
        <div className="chips" style={{ marginTop: 7 }}>
          {[1, 3, 7].map((days) => (
            <button
              key={days}
              type="button"
              className="chip"
              aria-pressed={callBackOn === addDays(format.today, days)}
              onClick={() => setCallBackOn(addDays(format.today, days))}
            >
              {days === 1 ? 'Tomorrow' : `${days} days`}
            </button>
          ))}
        </div>
      </div>
      <Switch
        label="They promised to pay"
        checked={promising}
        onChange={(event) => setPromising(event.currentTarget.checked)}
      />
      {promising && <PromiseFields account={account} items={items} draft={draft} change={setDraft} />}
      {barred && (
        <Switch
          label="The call has already been made"
          description="It will be counted, and a breach incident is opened for it."
          checked={afterTheFact}
          onChange={(event) => setAfter(event.currentTarget.checked)}
        />
      )}
      {log.error !== null && <Problem error={log.error} />}
      <Button
        type="submit"
        size="sm"
        disabled={!ready}
        loading={log.isPending || loading}
        rightSection={<kbd>Enter</kbd>}
      >
        Save and next
      </Button>
      <div className="desk-bar">
        <Button variant="default" disabled={busy} onClick={() => take(task.id)} rightSection={<kbd>s</kbd>}>
          Skip
        </Button>
        <Button variant="subtle" disabled={busy} onClick={closeWithoutCall}>
          Close without a call
        </Button>
      </div>
    </form>
  );
}
