/** What a file brings: what is owed, how parties are reached, or money that came in. */
export const targets = ['items', 'contacts', 'receipts'] as const;
export type Target = (typeof targets)[number];

export type FieldType = 'text' | 'date' | 'amount' | 'currency' | 'country' | 'zone' | 'language' | 'email';

/** A place a column can be mapped to. `words` are headers that mean it, in the normal form of `headerWords`. */
export type Field = {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly required?: boolean;
  readonly help: string;
  readonly maxLength?: number;
  readonly words: readonly string[];
};

const partyRef: Field = {
  name: 'party_ref',
  label: 'Customer number',
  type: 'text',
  maxLength: 100,
  help: 'Your own key of the customer. Without it customers are told apart by name.',
  words: [
    'customer id', 'customer number', 'customer no', 'customer code', 'customer', 'client id', 'account id', 'debtor id', 'debtor number', 'debtor no',
    'vendor id', 'party id', 'party ref', 'cust id', 'cust no', 'cust number', 'kundennummer', 'kunden nr', 'debitor', 'debitorennummer',
    'numero client', 'code client',
  ],
};
const partyName: Field = {
  name: 'party_name',
  label: 'Customer name',
  type: 'text',
  maxLength: 300,
  help: 'Name of the business or person who owes. One of customer number and customer name is needed.',
  words: [
    'customer name', 'client name', 'debtor name', 'debtor', 'vendor name', 'vendor', 'company', 'company name', 'name', 'party name', 'account name',
    'bill to', 'bill to name', 'kunde', 'kundenname', 'firma', 'nom client', 'nom', 'raison sociale',
  ],
};
const accountNumber: Field = {
  name: 'account_number',
  label: 'Account number',
  type: 'text',
  maxLength: 60,
  help: 'Only if one customer has several accounts kept apart.',
  words: ['account number', 'account no', 'account', 'contract number', 'contract no', 'loan number', 'policy number', 'vertragsnummer', 'konto'],
};
const itemNumber: Field = {
  name: 'item_number',
  label: 'Invoice number',
  type: 'text',
  maxLength: 100,
  help: 'Makes a repeated import recognise the invoice. Without it, rows are recognised by their contents.',
  words: [
    'invoice number', 'invoice no', 'invoice id', 'invoice', 'document number', 'document no', 'doc no', 'bill number', 'bill no', 'inv no', 'inv number',
    'number', 'rechnungsnummer', 'rechnung nr', 'rechnungs nr', 'belegnummer', 'numero facture', 'facture', 'no facture',
  ],
};
const currencyField: Field = {
  name: 'currency',
  label: 'Currency',
  type: 'currency',
  required: true,
  help: 'A column with codes such as EUR, or one currency for the whole file.',
  words: ['currency', 'currency code', 'invoice currency', 'curr', 'ccy', 'waehrung', 'wahrung', 'devise'],
};
const place: readonly Field[] = [
  {
    name: 'country', label: 'Country', type: 'country', help: 'Two-letter code or English name; decides which law and clock apply.',
    words: ['country', 'country code', 'land', 'pays'],
  },
  { name: 'region', label: 'State or region', type: 'text', maxLength: 60, help: 'State, province or county.', words: ['state', 'region', 'province', 'bundesland'] },
  {
    name: 'time_zone', label: 'Time zone', type: 'zone', help: 'For example America/New_York. Without one nobody can be contacted at a lawful hour.',
    words: ['time zone', 'timezone', 'tz', 'zeitzone', 'fuseau horaire'],
  },
  { name: 'language', label: 'Language', type: 'language', help: 'Two-letter code such as en.', words: ['language', 'lang', 'locale', 'sprache', 'langue'] },
];
const reach: readonly Field[] = [
  {
    name: 'email', label: 'E-mail', type: 'email', maxLength: 254, help: 'Where reminders go.',
    words: ['email', 'e mail', 'email address', 'mail', 'contact email', 'billing email', 'e mail adresse', 'courriel'],
  },
  { name: 'phone', label: 'Telephone', type: 'text', maxLength: 40, help: 'With country code where you have it.', words: ['phone', 'phone number', 'telephone', 'tel', 'mobile', 'contact phone', 'telefon', 'telephone number'] },
  { name: 'postal', label: 'Postal address', type: 'text', maxLength: 500, help: 'Whole address.', words: ['address', 'postal address', 'billing address', 'street', 'anschrift', 'adresse'] },
];

const items: readonly Field[] = [
  partyRef,
  partyName,
  accountNumber,
  itemNumber,
  {
    name: 'item_kind', label: 'Kind of item', type: 'text', maxLength: 40, help: 'Invoice, credit note, instalment, charge. Without it the sign of the amount decides.',
    words: ['type', 'kind', 'document type', 'doc type', 'transaction type', 'invoice type', 'belegart'],
  },
  { name: 'description', label: 'Description', type: 'text', maxLength: 2000, help: 'What it was for.', words: ['description', 'memo', 'details', 'text', 'subject', 'beschreibung', 'buchungstext', 'libelle'] },
  {
    name: 'issued_on', label: 'Invoice date', type: 'date', required: true, help: 'The day the invoice was issued.',
    words: ['invoice date', 'issue date', 'issued', 'issued on', 'date', 'document date', 'doc date', 'bill date', 'inv date', 'rechnungsdatum', 'belegdatum', 'datum', 'date facture'],
  },
  {
    name: 'due_on', label: 'Due date', type: 'date', required: true, help: 'The day payment is due; it can be computed as invoice date plus a number of days.',
    words: ['due date', 'due', 'due on', 'payment due', 'payment due date', 'maturity', 'falligkeit', 'fallig', 'fallig am', 'falligkeitsdatum', 'echeance', 'date echeance'],
  },
  {
    name: 'amount', label: 'Amount', type: 'amount', required: true, help: 'What was invoiced, tax included. Negative amounts are credit notes.',
    words: ['amount', 'invoice amount', 'total', 'invoice total', 'gross amount', 'gross', 'original amount', 'bill amount', 'amt', 'betrag', 'rechnungsbetrag', 'brutto', 'montant', 'montant ttc'],
  },
  {
    name: 'open', label: 'Still open', type: 'amount', help: 'What is still unpaid according to your system.',
    words: ['outstanding', 'open', 'open amount', 'open balance', 'balance', 'balance due', 'amount due', 'remaining', 'outstanding amount', 'unpaid', 'offen', 'offener betrag', 'restbetrag', 'solde', 'reste'],
  },
  {
    name: 'known_on', label: 'Entered on', type: 'date', help: 'The day the invoice was keyed in. Used when history is replayed up to a date.',
    words: ['created', 'created on', 'created at', 'entered', 'entry date', 'posting date', 'posted', 'booked', 'erfasst', 'buchungsdatum'],
  },
  {
    name: 'settled_on', label: 'Paid on', type: 'date', help: 'The day it was paid; it can be computed as invoice date plus days to pay. Becomes a receipt.',
    words: ['settled date', 'settled on', 'settlement date', 'paid on', 'paid date', 'payment date', 'date paid', 'clear date', 'clearing date', 'bezahlt am', 'zahlungsdatum', 'date paiement'],
  },
  {
    name: 'settled', label: 'Amount paid', type: 'amount', help: 'What has been paid of it; all of it when left out.',
    words: ['settled', 'settled amount', 'paid', 'paid amount', 'amount paid', 'payment amount', 'bezahlt', 'paye'],
  },
  ...reach,
  ...place,
];

const contacts: readonly Field[] = [
  partyRef,
  partyName,
  { name: 'contact_name', label: 'Contact person', type: 'text', maxLength: 200, help: 'Who reads it.', words: ['contact', 'contact name', 'contact person', 'attention', 'attn', 'ansprechpartner'] },
  ...reach,
  ...place,
];

const receipts: readonly Field[] = [
  {
    name: 'receipt_key', label: 'Payment id', type: 'text', maxLength: 200, help: 'The bank’s or system’s own key. Makes a repeated import recognise the payment.',
    words: ['payment id', 'transaction id', 'transaction', 'receipt id', 'receipt number', 'receipt no', 'payment number', 'bank reference', 'id'],
  },
  {
    name: 'settled_on', label: 'Received on', type: 'date', required: true, help: 'Value date of the payment.',
    words: ['payment date', 'received', 'received on', 'date received', 'value date', 'booking date', 'date', 'paid on', 'paid date', 'transaction date', 'valuta', 'datum', 'zahlungsdatum'],
  },
  {
    name: 'settled', label: 'Amount', type: 'amount', required: true, help: 'Money received.',
    words: ['amount', 'payment amount', 'amount received', 'amount paid', 'received amount', 'paid', 'credit', 'betrag', 'montant'],
  },
  currencyField,
  {
    name: 'receipt_reference', label: 'Reference', type: 'text', maxLength: 500, help: 'Remittance text; invoice numbers in it decide where the money goes.',
    words: ['reference', 'remittance', 'remittance information', 'payment reference', 'memo', 'description', 'purpose', 'details', 'verwendungszweck', 'motif'],
  },
  { ...itemNumber, help: 'The invoice it pays, where the file says so.' },
  accountNumber,
  partyRef,
  { ...partyName, help: 'Only where the file names the customer besides the payer.' },
  { name: 'payer_name', label: 'Payer', type: 'text', maxLength: 300, help: 'Name on the payment.', words: ['payer', 'payer name', 'paid by', 'from', 'sender', 'ordering party', 'auftraggeber', 'zahler'] },
];

const byTarget: Readonly<Record<Target, readonly Field[]>> = {
  items: [...items.slice(0, 9), currencyField, ...items.slice(9)],
  contacts,
  receipts,
};

/** Every field of a target, in the order a person would fill them. */
export function fieldsOf(target: Target): readonly Field[] {
  return byTarget[target];
}

/** A field by name, or null when the target has none such. */
export function findField(target: Target, name: string): Field | null {
  return byTarget[target].find((field) => field.name === name) ?? null;
}
