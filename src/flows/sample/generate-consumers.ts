import { addDays, type CalendarDate } from '../../kernel/calendar.ts';
import { csvLine } from '../../kernel/text.ts';
import { randomStream } from './generate-portfolio.ts';
import { firstWords, givenNames, streets } from './names.ts';

/** What is special about somebody; the rest just owe. */
export type ConsumerStory =
  | 'plain'
  | 'email_consent'
  | 'esign_consent'
  | 'attorney'
  | 'bankrupt'
  | 'deceased'
  | 'minor'
  | 'spanish'
  | 'time_barred'
  | 'not_described';

type Home = { readonly state: string; readonly city: string; readonly zip: string; readonly area: string };
const homes: readonly Home[] = [
  { state: 'NY', city: 'Albany', zip: '12207', area: '518' },
  { state: 'CA', city: 'Fresno', zip: '93721', area: '559' },
  { state: 'TX', city: 'Austin', zip: '78701', area: '512' },
  { state: 'FL', city: 'Tampa', zip: '33602', area: '813' },
  { state: 'OH', city: 'Columbus', zip: '43215', area: '614' },
  { state: 'IL', city: 'Peoria', zip: '61602', area: '309' },
  { state: 'WA', city: 'Spokane', zip: '99201', area: '509' },
  { state: 'MA', city: 'Worcester', zip: '01608', area: '508' },
  { state: 'GA', city: 'Macon', zip: '31201', area: '478' },
  { state: 'PA', city: 'Erie', zip: '16501', area: '814' },
];

const stories: readonly ConsumerStory[] = [
  'plain',
  'plain',
  'email_consent',
  'attorney',
  'plain',
  'email_consent',
  'bankrupt',
  'plain',
  'spanish',
  'time_barred',
  'plain',
  'email_consent',
  'plain',
  'esign_consent',
  'deceased',
  'not_described',
  'plain',
  'minor',
];

const headers = [
  'Customer ID',
  'Customer name',
  'Account number',
  'Invoice number',
  'Type',
  'Invoice date',
  'Due date',
  'Amount',
  'Currency',
  'Email',
  'Phone',
  'Address',
  'Country',
  'State',
  'ZIP code',
  'Time zone',
  'Debt type',
  'Original creditor',
  'Itemization date',
  'Itemization date kind',
  'Amount on itemization date',
  'Interest since',
  'Fees since',
  'Payments since',
  'Credits since',
  'Date of last payment',
  'Default date',
  'Charge-off date',
  'Contract kind',
  'Contract date',
  'Governing state',
  'Date of birth',
  'Language wish',
  'Attorney name',
  'Attorney address',
  'Deceased',
  'Date of death',
  'Bankruptcy date',
  'Bankruptcy chapter',
  'Consent to',
  'Consent given on',
  'Consent evidence',
  'Consent given to',
] as const;
type Cells = Partial<Record<(typeof headers)[number], string>>;

/** How many people `consumerFile` has unless told otherwise: each story once or more, and three who live in Great Britain. */
export const consumersOfDemo = stories.length + 3;

const cents = (minor: number) => (minor / 100).toFixed(2);

/**
 * A file of consumer debts as a bank exports it when it places charged-off cards and loans with an agency, `on` being the day of placement. The
 * same seed gives the same people; all mail goes to `.example`.
 */
export function consumerFile(
  seed: number,
  on: CalendarDate,
  creditor: string,
  count: number = consumersOfDemo,
): string {
  let text = csvLine([...headers]);
  for (let index = 0; index < count; index += 1) {
    const cells = consumer(seed, index, on, creditor);
    text += csvLine(headers.map((name) => cells[name] ?? ''));
  }
  return text;
}

function consumer(seed: number, index: number, on: CalendarDate, creditor: string): Cells {
  const random = randomStream(seed, 500_000 + index);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const story = stories[index % (stories.length + 3)] ?? 'plain';
  const abroad = index % (stories.length + 3) >= stories.length;
  const given = pick(givenNames);
  const family = pick(firstWords);
  const home = homes[index % homes.length] as Home;
  const digits = String(100 + Math.floor(random() * 99)).padStart(3, '0');
  const charged = 8_000 + Math.floor(random() * 110_000);
  const interest = Math.floor(charged * 0.02 * random());
  const payments = random() < 0.3 ? 5000 : 0;
  const defaulted = addDays(on, story === 'time_barred' ? -4200 : -330 - Math.floor(random() * 400));
  const chargedOff = addDays(defaulted, 180);
  const slug = `${given}.${family}`.toLowerCase().replaceAll(/[^a-z.]/g, '');
  const place: Cells = abroad
    ? {
        Country: 'GB',
        'Time zone': 'Europe/London',
        Address: `${1 + Math.floor(random() * 90)} ${pick(streets)}, Leeds LS1 4AP`,
        Phone: `+44 113 496 0${digits}`,
      }
    : {
        Country: 'US',
        State: home.state,
        'ZIP code': home.zip,
        Address: `${1 + Math.floor(random() * 900)} ${pick(streets)}, ${home.city}, ${home.state} ${home.zip}`,
        Phone: `+1 ${home.area} 555 0${digits}`,
      };
  const described: Cells = {
    'Debt type': index % 3 === 0 ? 'Personal loan' : 'Credit card',
    'Original creditor': creditor,
    'Itemization date': chargedOff,
    'Itemization date kind': 'Charge-off',
    'Amount on itemization date': cents(charged),
    'Interest since': cents(interest),
    'Fees since': '0',
    'Payments since': cents(payments),
    'Credits since': '0',
    'Date of last payment': addDays(defaulted, -31),
    'Default date': defaulted,
    'Charge-off date': chargedOff,
    'Contract kind': index % 3 === 0 ? 'written' : 'open-ended',
    'Contract date': addDays(defaulted, -900),
    'Governing state': abroad ? 'NY' : home.state,
  };
  return {
    'Customer ID': `P${20_001 + index}`,
    'Customer name': `${given} ${family}`,
    'Account number': `5500 ${String(1000 + index)} ${String(3000 + index * 7)}`,
    'Invoice number': `LB-${30_001 + index}`,
    Type: 'Charge',
    'Invoice date': chargedOff,
    'Due date': addDays(on, -4),
    Amount: cents(charged + interest - payments),
    Currency: 'USD',
    Email: `${slug}${index}@mail.example`,
    ...place,
    ...(story === 'not_described' ? {} : described),
    ...special(story, on),
  };
}

/** What the bank's file says besides, for whom something is special. */
function special(story: ConsumerStory, on: CalendarDate): Cells {
  const consent = (to: string, evidence: string): Cells => ({
    'Consent to': to,
    'Consent given on': addDays(on, -20),
    'Consent evidence': evidence,
    'Consent given to': 'us',
  });
  switch (story) {
    case 'email_consent':
      return consent('e-mail', 'Ticked and confirmed on our contact form');
    case 'esign_consent':
      return consent('E-SIGN', 'Electronic records disclosure, accepted with a test mail');
    case 'attorney':
      return { 'Attorney name': 'Dana Whitlock, Esq.', 'Attorney address': '200 Court Square, Albany, NY 12207' };
    case 'bankrupt':
      return { 'Bankruptcy date': addDays(on, -60), 'Bankruptcy chapter': '13' };
    case 'deceased':
      return { Deceased: 'yes', 'Date of death': addDays(on, -90) };
    case 'minor':
      return { 'Date of birth': addDays(on, -6000) };
    case 'spanish':
      return { 'Language wish': 'es' };
    case 'plain':
    case 'time_barred':
    case 'not_described':
      return {};
  }
}
