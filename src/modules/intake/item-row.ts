import { type CalendarDate, calendarDate } from '../../kernel/calendar.ts';
import { numberKey } from '../../kernel/text.ts';
import { currency as currencyOf, formatMoney, money } from '../../kernel/money.ts';
import { importedItemId } from '../accounts/public.ts';
import { type Problem, phoneOf } from './cell-readers.ts';
import { debtReader } from './debt-row.ts';
import { fieldReaders, labelOf } from './field-readers.ts';
import { readItemKind } from './item-kind.ts';
import { accountFinder, partyFinder } from './subject-ids.ts';
import { contentHash, contentKey, sourceRowId } from './row-key.ts';
import type { RowCompiler } from './row-reader.ts';
import { keyReader } from './row-key-columns.ts';

const fallbackDate = calendarDate('1900-01-01');

/** Invoices, credit notes and charges, with the settlement a row may carry. */
export const compileItemRow: RowCompiler = (mapping, at, settings) => {
  const fields = fieldReaders(mapping, at);
  const partyOf = partyFinder(settings.clientId);
  const accountOf = accountFinder(settings.clientId);
  const describe = debtReader(mapping, at, settings);
  const read = {
    ref: fields.text('party_ref'),
    name: fields.text('party_name'),
    account: fields.text('account_number'),
    number: fields.text('item_number'),
    kind: fields.text('item_kind'),
    description: fields.words('description'),
    issued: fields.date('issued_on'),
    due: fields.date('due_on'),
    known: fields.date('known_on'),
    settledOn: fields.date('settled_on'),
    currency: fields.currency(),
    amount: fields.amount('amount'),
    open: fields.amount('open'),
    settled: fields.amount('settled'),
    email: fields.code('email'),
    phone: fields.text('phone'),
    postal: fields.text('postal'),
    country: fields.code('country', mapping.defaults.country),
    region: fields.text('region'),
    zone: fields.code('time_zone', mapping.defaults.timeZone),
    language: fields.code('language'),
    key: keyReader(mapping, at),
  };
  const missing = (problems: Problem[], name: string) => {
    if (problems.some((problem) => problem.field === name)) return;
    problems.push({ field: name, code: 'missing_value', sentence: `${labelOf(mapping, name)} is blank. Fill it in.` });
  };

  return (rowNo, cells, problems) => {
    const currency = read.currency(cells, problems);
    const issuedOn = read.issued(cells, problems);
    const knownOn = read.known(cells, problems);
    const partyRef = read.ref(cells, problems);
    const partyName = read.name(cells, problems) ?? partyRef;
    const given = {
      number: read.number(cells, problems),
      description: read.description(cells, problems),
      account: read.account(cells, problems),
      dueOn: read.due(cells, problems),
      settledOn: read.settledOn(cells, problems),
      email: read.email(cells, problems),
      postal: read.postal(cells, problems),
      country: read.country(cells, problems),
      region: read.region(cells, problems),
      zone: read.zone(cells, problems),
      language: read.language(cells, problems),
      key: read.key(cells),
    };
    const described = describe === null ? null : describe(cells, { currency, place: given }, problems);
    const phone = phoneOf(read.phone(cells, problems), given.country, problems);
    const amounts = {
      amount: currency && read.amount ? read.amount(cells, currency, problems) : null,
      open: currency && read.open ? read.open(cells, currency, problems) : null,
      settled: currency && read.settled ? read.settled(cells, currency, problems) : null,
    };
    if (issuedOn === null) missing(problems, 'issued_on');
    if (partyName === null) missing(problems, 'party_name');
    if (amounts.amount === null && currency) missing(problems, 'amount');
    const kind = readItemKind(read.kind(cells, problems), amounts.amount ?? 0n, problems);
    const amountMinor =
      kind === 'credit_note' && (amounts.amount ?? 0n) > 0n ? -(amounts.amount ?? 0n) : amounts.amount;
    const dueOn = given.dueOn ?? (kind === 'credit_note' ? issuedOn : null);
    if (dueOn === null) missing(problems, 'due_on');
    if (issuedOn !== null && dueOn !== null && dueOn < issuedOn) {
      const sentence = `The due date ${dueOn} lies before the invoice date ${issuedOn}. Correct one of them.`;
      problems.push({ field: 'due_on', code: 'due_before_issue', sentence });
    }
    if (amountMinor === 0n)
      problems.push({
        field: 'amount',
        code: 'zero_amount',
        sentence: 'The amount is zero, so nothing is owed. Correct it or leave the row out.',
      });
    if (
      problems.length > 0 ||
      currency === null ||
      issuedOn === null ||
      dueOn === null ||
      amountMinor === null ||
      partyName === null
    )
      return null;

    if (settings.until !== null && laterOf(issuedOn, knownOn) > settings.until) return null;
    const settlement = readSettlement(
      { amountMinor, settledOn: given.settledOn, currency, ...settings, open: amounts.open, settled: amounts.settled },
      problems,
    );
    if (settlement === null) return null;

    const partyId = partyOf(partyRef, partyName);
    const identity = [partyId, issuedOn, dueOn, amountMinor, currency, given.description, knownOn];
    const rowKey = given.key ?? (given.number === null ? contentKey(identity) : `n:${given.number}`);
    const rowId = sourceRowId(settings.clientId, 'items', rowKey);
    const accountId = accountOf(given.account, partyId, currency);
    const { partyKind } = mapping.defaults;
    const { openMinor, settledOn, settledMinor } = settlement;
    const postal = described === null ? given.postal : described.postal;
    const region = described === null ? given.region : described.region;
    const debt = described?.debt ?? null;
    // What is hashed, and in which order, must never change: every row taken in before would look changed.
    const said = [
      partyRef,
      partyName,
      partyKind,
      given.account,
      given.number,
      kind,
      given.description,
      issuedOn,
      dueOn,
      amountMinor,
      openMinor,
      settledOn,
      settledMinor,
      currency,
      knownOn,
      null,
      null,
      null,
      given.email,
      phone,
      postal,
      null,
      given.country,
      region,
      given.zone,
      given.language,
    ];
    return {
      rowNo,
      rowKey,
      sourceRowId: rowId,
      // Without a description the same as before there were any, so that a file taken in then changes nothing.
      contentSha256: contentHash(debt === null ? said : [...said, debt]),
      partyId,
      accountId,
      itemId: accountId === null ? null : importedItemId(accountId, rowId),
      partyRef,
      partyName,
      partyKind,
      accountNumber: given.account,
      itemNumber: given.number,
      numberKey: given.number === null ? null : numberKey(given.number),
      itemKind: kind,
      description: given.description,
      issuedOn,
      dueOn,
      amountMinor,
      openMinor,
      settledOn,
      settledMinor,
      currency,
      knownOn,
      receiptReference: null,
      receiptKey: null,
      payerName: null,
      email: given.email,
      phone,
      postal,
      contactName: null,
      country: given.country,
      region,
      timeZone: given.zone,
      language: given.language,
      debt,
    };
  };
};

const laterOf = (a: CalendarDate, b: CalendarDate | null) => ((b ?? fallbackDate) > a ? (b ?? a) : a);

type SettlementCells = {
  amountMinor: bigint;
  currency: string;
  settledOn: CalendarDate | null;
  open: bigint | null;
  settled: bigint | null;
  until: CalendarDate | null;
  today: CalendarDate;
};
type Settlement = { openMinor: bigint | null; settledOn: string | null; settledMinor: bigint | null };

/**
 * What the row says was paid. A payment after `until` was not known then: it is left out and the amount is open. Where paid plus
 * open make up the amount, the receipt says it all and no separate reduction by the host is taken in.
 */
function readSettlement(row: SettlementCells, problems: Problem[]): Settlement | null {
  const shown = (minor: bigint) => formatMoney(money(minor, currencyOf(row.currency)));
  const unknownYet = row.until !== null && row.settledOn !== null && row.settledOn > row.until;
  if (unknownYet) return { openMinor: null, settledOn: null, settledMinor: null };
  if (row.open !== null && row.amountMinor > 0n && (row.open < 0n || row.open > row.amountMinor)) {
    const sentence = `${shown(row.open)} still open does not go with an amount of ${shown(row.amountMinor)}. Correct one of them.`;
    problems.push({ field: 'open', code: 'open_not_within_amount', sentence });
  }
  if (row.settledOn !== null && row.until === null && row.settledOn > row.today) {
    const sentence = `The payment date ${row.settledOn} lies in the future. Correct it, or import only what was known until a date.`;
    problems.push({ field: 'settled_on', code: 'paid_in_future', sentence });
  }
  if (row.settled !== null && row.settled < 0n && row.amountMinor > 0n) {
    problems.push({
      field: 'settled',
      code: 'negative_payment',
      sentence: `${shown(row.settled)} paid is negative. Correct it.`,
    });
  }
  if (row.settled !== null && row.settled > 0n && row.settledOn === null && row.amountMinor > 0n) {
    problems.push({
      field: 'settled_on',
      code: 'missing_value',
      sentence: `${shown(row.settled)} was paid, but the day is blank. Fill in when.`,
    });
  }
  if (problems.length > 0) return null;
  // A credit note is not paid: what is used up of it shows in what is still open.
  if (row.settledOn === null || row.amountMinor < 0n)
    return { openMinor: row.open, settledOn: null, settledMinor: null };
  const settledMinor = row.settled ?? row.amountMinor - (row.open ?? 0n);
  const explained = row.open === null || row.amountMinor - settledMinor === row.open;
  return {
    openMinor: explained ? null : row.open,
    settledOn: settledMinor > 0n ? row.settledOn : null,
    settledMinor: settledMinor > 0n ? settledMinor : null,
  };
}
