import { usStateOf } from '../parties/public.ts';

/** Words of a cell in one form: letters and digits only, in lower case. */
export const plainWord = (cell: string): string =>
  cell
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

function reader<Value extends string>(table: Readonly<Record<Value, string>>): (cell: string) => Value | null {
  const byWord = new Map(
    (Object.entries(table) as [Value, string][]).flatMap(([value, words]) =>
      words.split(' ').map((word) => [word, value] as const),
    ),
  );
  return (cell) => byWord.get(plainWord(cell)) ?? null;
}

/** The five reference dates of an itemization (12 CFR 1006.34(b)(3)). */
export const readItemizedBy = reader({
  last_statement: 'laststatement statement laststatementdate lastperiodicstatement',
  charge_off: 'chargeoff chargeoffdate chargedoff',
  last_payment: 'lastpayment lastpaymentdate payment',
  transaction: 'transaction transactiondate',
  judgment: 'judgment judgement judgmentdate',
});

/** Kinds of contract that limitation periods tell apart. */
export const readContractKind = reader({
  written: 'written writtencontract contract simplecontract loan',
  oral: 'oral oralcontract verbal',
  promissory: 'promissory promissorynote note',
  open_ended: 'openended openendedaccount revolving card creditcard',
  deed: 'deed specialty underseal',
});

/** What a person can consent to, and the channel it is about. */
export const consentKinds = {
  email: { channel: 'email', scope: 'email' },
  esign: { channel: 'email', scope: 'esign' },
  call: { channel: 'call', scope: 'call' },
  tcpa: { channel: 'call', scope: 'tcpa' },
  text: { channel: 'sms', scope: 'text' },
  contact: { channel: 'call', scope: 'collection' },
} as const;
export const readConsentKind = reader<keyof typeof consentKinds>({
  email: 'email mail emails',
  esign: 'esign electronicnotices electronicrecords electronic',
  call: 'call calls phone telephone voice',
  tcpa: 'tcpa autodialedcalls autodialer autodialed mobile',
  text: 'text texts sms',
  contact: 'contact any anycontact',
});

export const readRecipient = reader({
  tenant: 'us collector thiscollector agency tenant',
  client: 'creditor client lender',
  prior_collector: 'earliercollector priorcollector previouscollector formercollector',
});

export const readChapter = reader({
  '7': '7 chapter7 ch7 vii',
  '11': '11 chapter11 ch11 xi',
  '12': '12 chapter12 ch12 xii',
  '13': '13 chapter13 ch13 xiii',
  other: 'other',
});

const yes = new Set(['yes', 'y', 'true', 't', '1', 'x', 'ja', 'oui', 'si']);
const no = new Set(['no', 'n', 'false', 'f', '0', 'nein', 'non', 'none']);

/** Yes or no; null for what is neither. */
export function readFlag(cell: string): boolean | null {
  const word = plainWord(cell);
  return yes.has(word) ? true : no.has(word) ? false : null;
}

const britain = reader({
  'UK-ENG': 'eng england englandandwales englandwales ew uk ukeng gb gbeng',
  'UK-WLS': 'wls wales ukwls gbwls',
  'UK-SCT': 'sct scotland uksct gbsct',
  'UK-NIR': 'nir northernireland uknir gbnir ni',
});

/** The law of a contract as the packs know it: a state of the United States or a part of the United Kingdom; null for anything else. */
export function readGoverningLaw(cell: string, country: string | null): string | null {
  const state = usStateOf(cell);
  // People move: who lives in Great Britain may have signed in New York.
  const abroad = country === 'GB' ? britain(cell) : null;
  return abroad ?? (state === null ? britain(cell) : `US-${state}`);
}

/** The name packs use for a kind of debt: `credit_card` for "Credit Card". */
export function readProduct(cell: string): string {
  const word = cell
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return products[word] ?? word;
}

// The packs name medical, utility, telecom, rent and microfinance debts.
const products: Readonly<Record<string, string>> = {
  health: 'medical',
  healthcare: 'medical',
  hospital: 'medical',
  medical_bill: 'medical',
  medical_debt: 'medical',
  utilities: 'utility',
  energy: 'utility',
  water: 'utility',
  electricity: 'utility',
  gas: 'utility',
  phone: 'telecom',
  telecommunications: 'telecom',
  wireless: 'telecom',
  mobile: 'telecom',
  rental: 'rent',
  lease: 'rent',
  card: 'credit_card',
  credit: 'credit_card',
};
