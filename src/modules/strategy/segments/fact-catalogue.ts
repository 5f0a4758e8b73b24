import { accountStates } from '../../accounts/public.ts';
import { stages } from '../stage.ts';

/** Where a value is anchored: the facts, the account, the party, the strategy's position of the account. */
export const anchors = {
  facts: 'f',
  account: 'a',
  party: 'p',
  position: 's',
} as const;
export type AnchorTable = keyof typeof anchors;
type Anchor = { readonly table: AnchorTable; readonly column: string };

type Described = {
  readonly key: string;
  readonly label: string;
  /** What it says of an account, in a sentence; of amounts and days also what is not counted. */
  readonly help: string;
  readonly group: 'Account' | 'Amounts' | 'Age' | 'Behaviour' | 'Contact' | 'Person';
  /** Which rows it is kept from, and so how fresh it is: facts change in the transaction of what changes them. */
  readonly source: string;
};

/**
 * A field that a rule may ask about. `days` counts calendar days of the tenant up to the day asked for, from a date or from the
 * local date of an instant; `money` is in the reporting currency at the rate of that day; `average` is a quotient of two columns.
 * Every one of them may be unknown, in which case a condition on it is neither true nor false.
 */
export type FactField = Described &
  (
    | { readonly kind: 'text'; readonly at: Anchor }
    | {
        readonly kind: 'choice';
        readonly at: Anchor;
        readonly choices: readonly string[] | 'client' | 'currency' | 'user';
      }
    | { readonly kind: 'count'; readonly at: Anchor; readonly unit: string }
    | { readonly kind: 'average'; readonly at: Anchor; readonly per: Anchor; readonly unit: string }
    | { readonly kind: 'money'; readonly at: Anchor }
    | { readonly kind: 'date'; readonly at: Anchor }
    | {
        readonly kind: 'days';
        readonly at: Anchor;
        readonly of: 'date' | 'instant';
        readonly towards: 'since' | 'until';
      }
    | { readonly kind: 'flag'; readonly at: Anchor; readonly when: 'true' | 'known' | 'still_to_come' }
  );
export type FactKind = FactField['kind'];

const fact = (column: string): Anchor => ({ table: 'facts', column });
const items = 'Items of the account, with every change of them';
const receipts = 'Receipts and allocations, with every change of them';
const promises = 'Promises to pay, as they are made and judged';
const register = 'The contact register, as contacts are counted';
const master = 'The account itself';
const person = 'The party of the account';

/** The fields every tenant has. */
export const factCatalogue: readonly FactField[] = [
  {
    key: 'client',
    label: 'Client',
    help: 'The creditor in whose name the account is owed.',
    group: 'Account',
    source: master,
    kind: 'choice',
    at: fact('client_id'),
    choices: 'client',
  },
  {
    key: 'account_number',
    label: 'Account number',
    help: 'The number of the account with the client.',
    group: 'Account',
    source: master,
    kind: 'text',
    at: fact('account_number'),
  },
  {
    key: 'state',
    label: 'State',
    help: 'Where the account stands: active, on hold, legal, settled and so on.',
    group: 'Account',
    source: master,
    kind: 'choice',
    at: fact('state'),
    choices: accountStates,
  },
  {
    key: 'stage',
    label: 'Stage',
    help: 'The stage the strategy last put it in. Unknown before the first run.',
    group: 'Account',
    source: 'The last run of the strategy',
    kind: 'choice',
    at: { table: 'position', column: 'stage' },
    choices: stages,
  },
  {
    key: 'debt_kind',
    label: 'Kind of debt',
    help: 'Commercial or consumer.',
    group: 'Account',
    source: master,
    kind: 'choice',
    at: { table: 'account', column: 'debt_kind' },
    choices: ['commercial', 'consumer'],
  },
  {
    key: 'currency',
    label: 'Currency',
    help: 'The currency of the account.',
    group: 'Account',
    source: master,
    kind: 'choice',
    at: fact('currency'),
    choices: 'currency',
  },
  {
    key: 'opened_on',
    label: 'Opened on',
    help: 'The day the account was opened.',
    group: 'Account',
    source: master,
    kind: 'date',
    at: { table: 'account', column: 'opened_on' },
  },
  {
    key: 'assigned',
    label: 'Has a collector',
    help: 'Somebody owns the conversation about this account.',
    group: 'Account',
    source: master,
    kind: 'flag',
    at: fact('assigned_to'),
    when: 'known',
  },
  {
    key: 'assigned_to',
    label: 'Collector',
    help: 'Who owns the conversation about this account. Unknown when nobody does.',
    group: 'Account',
    source: master,
    kind: 'choice',
    at: fact('assigned_to'),
    choices: 'user',
  },
  {
    key: 'sensitive',
    label: 'Sensitive',
    help: 'Marked to be handled by people only.',
    group: 'Account',
    source: master,
    kind: 'flag',
    at: fact('sensitive'),
    when: 'true',
  },
  {
    key: 'balance',
    label: 'Open balance',
    help: 'What its open items add up to; credit is not taken off.',
    group: 'Amounts',
    source: items,
    kind: 'money',
    at: fact('balance_minor'),
  },
  {
    key: 'credit',
    label: 'Credit',
    help: 'Open credit notes and money received that is not applied yet.',
    group: 'Amounts',
    source: `${items}; ${receipts.toLowerCase()}`,
    kind: 'money',
    at: fact('credit_minor'),
  },
  {
    key: 'paid',
    label: 'Paid so far',
    help: 'All receipts that were not taken back.',
    group: 'Amounts',
    source: receipts,
    kind: 'money',
    at: fact('paid_minor'),
  },
  {
    key: 'open_items',
    label: 'Open items',
    help: 'How many items have something open; credit notes are not counted.',
    group: 'Amounts',
    source: items,
    kind: 'count',
    at: fact('open_items'),
    unit: 'items',
  },
  {
    key: 'days_past_due',
    label: 'Days past due',
    help: 'Days since the oldest open item was due; negative before. Unknown when nothing is open.',
    group: 'Age',
    source: items,
    kind: 'days',
    at: fact('oldest_open_due_on'),
    of: 'date',
    towards: 'since',
  },
  {
    key: 'oldest_due_on',
    label: 'Oldest item due on',
    help: 'Due day of the oldest open item. Unknown when nothing is open.',
    group: 'Age',
    source: items,
    kind: 'date',
    at: fact('oldest_open_due_on'),
  },
  {
    key: 'days_since_issue',
    label: 'Days since the oldest item was issued',
    help: 'Unknown when nothing is open.',
    group: 'Age',
    source: items,
    kind: 'days',
    at: fact('oldest_open_issued_on'),
    of: 'date',
    towards: 'since',
  },
  {
    key: 'days_until_newest_due',
    label: 'Days until the newest item is due',
    help: 'Negative once it is past due. Unknown when nothing is open.',
    group: 'Age',
    source: items,
    kind: 'days',
    at: fact('newest_open_due_on'),
    of: 'date',
    towards: 'until',
  },
  {
    key: 'average_days_late',
    label: 'Average days late',
    help: 'Of its settled items, how many days after the due day they were settled on average; early counts as 0. Unknown before the first.',
    group: 'Behaviour',
    source: items,
    kind: 'average',
    at: fact('settled_days_late'),
    per: fact('settled_items'),
    unit: 'days',
  },
  {
    key: 'settled_items',
    label: 'Settled items',
    help: 'How many items have been settled.',
    group: 'Behaviour',
    source: items,
    kind: 'count',
    at: fact('settled_items'),
    unit: 'items',
  },
  {
    key: 'promises_kept',
    label: 'Promises kept',
    help: 'How many promises to pay were kept.',
    group: 'Behaviour',
    source: promises,
    kind: 'count',
    at: fact('promises_kept'),
    unit: 'promises',
  },
  {
    key: 'promises_broken',
    label: 'Promises broken',
    help: 'How many promises to pay were broken.',
    group: 'Behaviour',
    source: promises,
    kind: 'count',
    at: fact('promises_broken'),
    unit: 'promises',
  },
  {
    key: 'promise_open',
    label: 'Has an open promise',
    help: 'A promise to pay is still to be judged.',
    group: 'Behaviour',
    source: promises,
    kind: 'flag',
    at: fact('promise_due_on'),
    when: 'known',
  },
  {
    key: 'days_until_promise',
    label: 'Days until the promise is due',
    help: 'Of the earliest open promise; negative while its grace runs. Unknown without one.',
    group: 'Behaviour',
    source: promises,
    kind: 'days',
    at: fact('promise_due_on'),
    of: 'date',
    towards: 'until',
  },
  {
    key: 'days_since_payment',
    label: 'Days since the last payment',
    help: 'Unknown when nothing was ever paid.',
    group: 'Behaviour',
    source: receipts,
    kind: 'days',
    at: fact('last_paid_on'),
    of: 'date',
    towards: 'since',
  },
  {
    key: 'days_since_contact',
    label: 'Days since the last contact',
    help: 'Any contact that counts: message, letter, call. Unknown when there never was one.',
    group: 'Contact',
    source: register,
    kind: 'days',
    at: fact('last_contact_at'),
    of: 'instant',
    towards: 'since',
  },
  {
    key: 'days_since_conversation',
    label: 'Days since the last conversation',
    help: 'Unknown when there never was one.',
    group: 'Contact',
    source: register,
    kind: 'days',
    at: fact('last_conversation_at'),
    of: 'instant',
    towards: 'since',
  },
  {
    key: 'has_email',
    label: 'Has an e-mail address',
    help: 'At least one that is neither wrong nor bounced.',
    group: 'Contact',
    source: 'Contact points, with every change of them',
    kind: 'flag',
    at: fact('has_email'),
    when: 'true',
  },
  {
    key: 'has_phone',
    label: 'Has a phone number',
    help: 'At least one that is not wrong.',
    group: 'Contact',
    source: 'Contact points, with every change of them',
    kind: 'flag',
    at: fact('has_phone'),
    when: 'true',
  },
  {
    key: 'held',
    label: 'Contact is held',
    help: 'A hold on the account or the person stops contact now.',
    group: 'Contact',
    source: 'Holds, with every change of them',
    kind: 'flag',
    at: fact('contact_hold_until'),
    when: 'still_to_come',
  },
  {
    key: 'party_name',
    label: 'Name',
    help: 'The name of the person or business.',
    group: 'Person',
    source: person,
    kind: 'text',
    at: fact('party_name'),
  },
  {
    key: 'party_kind',
    label: 'Person or business',
    help: 'Who owes.',
    group: 'Person',
    source: person,
    kind: 'choice',
    at: { table: 'party', column: 'kind' },
    choices: ['person', 'business'],
  },
  {
    key: 'country',
    label: 'Country',
    help: 'Two letters, such as US. Unknown where no address says it.',
    group: 'Person',
    source: person,
    kind: 'text',
    at: { table: 'party', column: 'country' },
  },
  {
    key: 'region',
    label: 'State or region',
    help: 'As the country writes it, such as CA. Unknown where no address says it.',
    group: 'Person',
    source: person,
    kind: 'text',
    at: { table: 'party', column: 'region' },
  },
  {
    key: 'language',
    label: 'Language',
    help: 'The language the person reads, such as en or es. Unknown unless told.',
    group: 'Person',
    source: person,
    kind: 'text',
    at: { table: 'party', column: 'language' },
  },
];

const byKey = new Map(factCatalogue.map((field) => [field.key, field]));

export const findField = (key: string): FactField | undefined => byKey.get(key);
