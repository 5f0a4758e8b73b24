import '../accounts/accounts.css';
import './account.css';
import { Button, Drawer, Menu } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Amount, Day } from '../../kit/amount.tsx';
import { Icon, type IconName } from '../../kit/icons.tsx';
import type { Output } from '../../kit/operations.ts';
import { Figure, Page } from '../../kit/page.tsx';
import { usePages, useRead, useWrite } from '../../kit/queries.ts';
import { useShortcuts } from '../../kit/shortcuts.ts';
import { Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { panelProps, Tabs } from '../../kit/tabs.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { WhyCard } from '../../kit/why-card.tsx';
import { words } from '../../kit/words.ts';
import { Standing } from '../accounts/account-words.tsx';
import { EvidenceButton } from '../audit/evidence-button.tsx';
import { useMay, useSession } from '../shell/session.tsx';
import { AccountAside } from './account-aside.tsx';
import { CaseForm } from './case-panel.tsx';
import { LinkForm } from './links-panel.tsx';
import {
  ContactPointForm,
  type FormProps,
  HoldForm,
  NoteForm,
  PaymentForm,
  PromiseForm,
  SendForm,
} from './action-forms.tsx';
import { CallForm } from './call-form.tsx';
import { ItemsTab } from './items-tab.tsx';
import { LedgerTab } from './ledger-tab.tsx';
import { NoticesTab } from './notices-tab.tsx';
import { LegalTab } from './legal-tab.tsx';
import { HoldsTab, PromisesTab } from './promises-tab.tsx';
import { Timeline } from './timeline.tsx';

type Account = Output<'getAccount'>;
const route = getRouteApi('/staff/accounts/$accountId');

interface Action {
  readonly key: string;
  readonly label: string;
  readonly title: string;
  readonly icon: IconName;
  readonly permission: string;
  readonly form: (props: FormProps) => ReactNode;
}

const actions: readonly Action[] = [
  {
    key: 'c',
    label: 'Log call',
    title: 'Log a call',
    icon: 'call',
    permission: 'calls.log',
    form: (props) => <CallForm {...props} />,
  },
  {
    key: 'p',
    label: 'Promise',
    title: 'Promise to pay',
    icon: 'promise',
    permission: 'promises.write',
    form: (props) => <PromiseForm {...props} />,
  },
  {
    key: 'h',
    label: 'Hold',
    title: 'Place a hold',
    icon: 'hold',
    permission: 'holds.write',
    form: (props) => <HoldForm {...props} />,
  },
  {
    key: 'n',
    label: 'Note',
    title: 'Write a note',
    icon: 'note',
    permission: 'notes.write',
    form: (props) => <NoteForm {...props} />,
  },
  {
    key: 'm',
    label: 'Payment',
    title: 'Record a payment',
    icon: 'payments',
    permission: 'receipts.write',
    form: (props) => <PaymentForm {...props} />,
  },
  {
    key: 's',
    label: 'Send now',
    title: 'Send a notice now',
    icon: 'send',
    permission: 'contacts.send',
    form: (props) => <SendForm {...props} />,
  },
];
const addContact: Action = {
  key: '',
  label: '',
  title: 'Add a contact',
  icon: 'plus',
  permission: 'calls.log',
  form: (props) => <ContactPointForm {...props} />,
};

const linkSomebody: Action = {
  key: 'l',
  label: '',
  title: 'Link somebody',
  icon: 'plus',
  permission: 'calls.log',
  form: (props) => <LinkForm {...props} />,
};
const workTogether: Action = {
  key: 'w',
  label: '',
  title: 'Work accounts together',
  icon: 'plus',
  permission: 'tasks.work',
  form: (props) => <CaseForm {...props} />,
};

export function AccountPage() {
  const { accountId } = route.useParams();
  const account = useRead('getAccount', { params: { accountId } });
  if (account.error !== null)
    return (
      <Page title="Account">
        <Problem error={account.error} retry={() => void account.refetch()} />
      </Page>
    );
  if (account.data === undefined)
    return (
      <Page title="Account">
        <SkeletonLines rows={9} height={18} />
      </Page>
    );
  return <Loaded key={accountId} account={account.data} />;
}

function Loaded({ account }: { readonly account: Account }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const [action, setAction] = useState<Action | null>(null);
  const items = usePages('listItems', { params: { accountId: account.id }, query: { limit: 200 } });
  const rows = items.data?.pages.flatMap((page) => page.rows) ?? [];
  const allowed = actions.filter((each) => may(each.permission));
  const tab = search.tab ?? 'timeline';
  const canBeCased =
    account.case?.partial !== true &&
    account.otherAccounts.some((other) => account.case?.accounts.every((one) => one.id !== other.id) ?? true);
  const keyed = [...allowed, linkSomebody, ...(canBeCased ? [workTogether] : [])].filter((each) =>
    may(each.permission),
  );
  useShortcuts(Object.fromEntries(keyed.map((each) => [each.key, () => setAction(each)])), action === null);
  const done = (sentence: string, undo?: () => void) => {
    setAction(null);
    say(sentence, undo);
  };
  return (
    <Page
      title={account.party.name}
      tab={`${account.party.name}, ${account.number}`}
      sub={
        <span className="row wrap" style={{ gap: '4px 10px' }}>
          <span>{account.number}</span>
          <span>{account.client.name}</span>
          <Standing row={account} />
          {account.sensitive && <Tag tone="warn">Sensitive</Tag>}
          {account.balanceSource === 'host' && (
            <span title="The creditor's own system says what is open">Balance from the creditor’s books</span>
          )}
        </span>
      }
      actions={<MoreMenu account={account} />}
    >
      <div className="account-actions no-print" style={{ marginTop: -6, marginBottom: 16 }}>
        <div className="action-bar">
          {allowed.map((each, index) => (
            <Button
              key={each.key}
              variant={index === 0 ? 'filled' : 'default'}
              leftSection={<Icon name={each.icon} size={14} />}
              onClick={() => setAction(each)}
              title={`${each.title} (${each.key})`}
            >
              {each.label}
            </Button>
          ))}
        </div>
      </div>
      <Headline account={account} />
      <div className="acct-grid">
        <div>
          <WhyCard why={account.next} />
          <div style={{ height: 20 }} />
          <Tabs
            label="About this account"
            chosen={tab}
            choose={(key) =>
              void navigate({
                search: { ...search, tab: key === 'timeline' ? undefined : key },
                replace: true,
                resetScroll: false,
              })
            }
            tabs={[
              { key: 'timeline', label: 'Timeline' },
              { key: 'items', label: 'Items', count: account.openItems },
              { key: 'ledger', label: 'Ledger' },
              { key: 'promises', label: 'Promises', count: account.promises.length },
              { key: 'holds', label: 'Holds', count: account.holds.filter((hold) => hold.live).length },
              ...(account.debtKind === 'consumer' ? [{ key: 'notices', label: 'Notices' }] : []),
              { key: 'legal', label: 'Legal' },
            ]}
          />
          <div className="tab-panel" {...panelProps(tab)}>
            {tab === 'timeline' && may('audit.read') && (
              <div className="row wrap no-print" style={{ justifyContent: 'flex-end', paddingTop: 12 }}>
                <EvidenceButton of={{ accountId: account.id }} label="Evidence pack" />
              </div>
            )}
            {tab === 'timeline' && <Timeline accountId={account.id} />}
            {tab === 'items' && <ItemsTab list={items} currency={account.currency} />}
            {tab === 'ledger' && <LedgerTab accountId={account.id} />}
            {tab === 'promises' && <PromisesTab account={account} />}
            {tab === 'holds' && <HoldsTab account={account} />}
            {tab === 'notices' && <NoticesTab account={account} items={rows} />}
            {tab === 'legal' && <LegalTab account={account} />}
          </div>
          {tab !== 'items' && <PrintedItems items={rows} currency={account.currency} />}
        </div>
        <AccountAside
          account={account}
          addContact={() => setAction(addContact)}
          addLink={() => setAction(linkSomebody)}
          addToCase={canBeCased ? () => setAction(workTogether) : null}
        />
      </div>
      <Drawer
        opened={action !== null}
        onClose={() => setAction(null)}
        position="right"
        size={440}
        title={action?.title}
      >
        {action?.form({ account, items: rows, done })}
      </Drawer>
    </Page>
  );
}

function Headline({ account }: { readonly account: Account }) {
  const format = useFormat();
  const { currency } = account;
  const open = account.promises.find((promise) => promise.state === 'open');
  const credit = BigInt(account.creditMinor) + BigInt(account.unappliedMinor);
  return (
    <dl className="figures">
      <Figure
        label="Overdue"
        value={
          <Amount
            value={{ amountMinor: account.overdueMinor, currency }}
            tone={BigInt(account.overdueMinor) > 0n ? undefined : 'muted'}
          />
        }
        foot={
          account.oldestDueOn === null ? (
            'Nothing is overdue'
          ) : (
            <>
              oldest due <Day date={account.oldestDueOn} />
            </>
          )
        }
      />
      <Figure
        label="Balance"
        value={<Amount value={{ amountMinor: account.balanceMinor, currency }} />}
        foot={`${format.count(account.openItems)} open ${account.openItems === 1 ? 'item' : 'items'}${credit > 0n ? `, ${format.figure(credit, currency)} in credit` : ''}`}
      />
      <Figure
        label="Days past due"
        value={account.daysPastDue > 0 ? format.count(account.daysPastDue) : <span className="muted">0</span>}
        foot={account.bucket === null ? 'Owes nothing' : words(account.bucket)}
      />
      <Figure
        label="Stage"
        value={
          <span style={{ fontSize: 21 }}>
            {account.stage === null ? <span className="muted">–</span> : words(account.stage)}
          </span>
        }
        foot={
          open === undefined ? (
            'No promise is open'
          ) : (
            <>
              promised <Amount value={open} /> by <Day date={open.dueOn} form="tiny" />
            </>
          )
        }
      />
    </dl>
  );
}

function MoreMenu({ account }: { readonly account: Account }) {
  const may = useMay();
  const session = useSession();
  const change = useWrite('changeAccount');
  const set = (body: { assignedTo?: string | null; sensitive?: boolean }, sentence: string, back: typeof body) =>
    change.mutate(
      { params: { accountId: account.id }, ifMatch: account.rowVersion, body },
      {
        onSuccess: (newer) =>
          say(sentence, () =>
            change.mutate(
              { params: { accountId: account.id }, ifMatch: newer.rowVersion, body: back },
              { onError: sayProblem },
            ),
          ),
        onError: sayProblem,
      },
    );
  const before = { assignedTo: account.assignedTo?.id ?? null };
  return (
    <>
      <Button variant="default" leftSection={<Icon name="print" size={14} />} onClick={() => print()}>
        Print
      </Button>
      {may('tasks.assign') && (
        <Menu position="bottom-end" shadow="md" width={230}>
          <Menu.Target>
            <Button variant="default" aria-label="More actions">
              <Icon name="more" />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {account.assignedTo?.id === session.user.id ? (
              <Menu.Item onClick={() => set({ assignedTo: null }, 'Given back to everyone.', before)}>
                Give back to everyone
              </Menu.Item>
            ) : (
              <Menu.Item
                onClick={() =>
                  set(
                    { assignedTo: session.user.id },
                    'Assigned to you. Automation now informs you and leaves the conversation to you.',
                    before,
                  )
                }
              >
                Assign to me
              </Menu.Item>
            )}
            <Menu.Item
              onClick={() =>
                set(
                  { sensitive: !account.sensitive },
                  account.sensitive ? 'No longer sensitive.' : 'Marked as sensitive: no automatic contact.',
                  { sensitive: account.sensitive },
                )
              }
            >
              {account.sensitive ? 'No longer sensitive' : 'Mark as sensitive'}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

function PrintedItems({
  items,
  currency,
}: {
  readonly items: readonly {
    readonly id: string;
    readonly number: string | null;
    readonly dueOn: string;
    readonly openMinor: string;
  }[];
  readonly currency: string;
}) {
  const open = items.filter((item) => BigInt(item.openMinor) !== 0n);
  return (
    <section className="print-only section" aria-hidden="true">
      <h2>Open items</h2>
      <table className="table">
        <tbody>
          {open.map((item) => (
            <tr key={item.id}>
              <td>{item.number}</td>
              <td>
                <Day date={item.dueOn} />
              </td>
              <td className="right">
                <Amount value={{ amountMinor: item.openMinor, currency }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
