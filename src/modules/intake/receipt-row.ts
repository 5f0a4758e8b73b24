import { fieldReaders, labelOf } from './field-readers.ts';
import { contentHash, contentKey, sourceRowId } from './row-key.ts';
import { accountIdOf, partyIdOf } from './subject-ids.ts';
import { keyReader } from './row-key-columns.ts';
import type { RowCompiler } from './row-reader.ts';

/** Money that came in. */
export const compileReceiptRow: RowCompiler = (mapping, at, settings) => {
  const fields = fieldReaders(mapping, at);
  const read = {
    ref: fields.text('party_ref'),
    name: fields.text('party_name'),
    account: fields.text('account_number'),
    number: fields.text('item_number'),
    settledOn: fields.date('settled_on'),
    currency: fields.currency(),
    amount: fields.amount('settled'),
    reference: fields.text('receipt_reference'),
    receiptKey: fields.text('receipt_key'),
    payer: fields.words('payer_name'),
    key: keyReader(mapping, at),
  };
  return (rowNo, cells, problems) => {
    const currency = read.currency(cells, problems);
    const settledOn = read.settledOn(cells, problems);
    const settledMinor = currency && read.amount ? read.amount(cells, currency, problems) : null;
    const partyRef = read.ref(cells, problems);
    const partyName = read.name(cells, problems);
    const accountNumber = read.account(cells, problems);
    const itemNumber = read.number(cells, problems);
    const remittance = read.reference(cells, problems);
    const payerName = read.payer(cells, problems);
    const receiptKey = read.receiptKey(cells, problems) ?? read.key(cells);
    for (const [name, value] of [
      ['settled_on', settledOn],
      ['settled', currency === null ? 0n : settledMinor],
    ] as const) {
      if (value === null && !problems.some((problem) => problem.field === name)) {
        problems.push({
          field: name,
          code: 'missing_value',
          sentence: `${labelOf(mapping, name)} is blank. Fill it in.`,
        });
      }
    }
    if (settledMinor !== null && settledMinor <= 0n) {
      const sentence = 'A receipt must be more than zero. Reverse money that went back where the receipt stands.';
      problems.push({ field: 'settled', code: 'not_positive', sentence });
    }
    if (settledOn !== null && settings.until === null && settledOn > settings.today) {
      problems.push({
        field: 'settled_on',
        code: 'paid_in_future',
        sentence: `The payment date ${settledOn} lies in the future. Correct it, or import only what was known until a date.`,
      });
    }
    if (problems.length > 0 || currency === null || settledOn === null || settledMinor === null) return null;
    if (settings.until !== null && settledOn > settings.until) return null;

    const partyId = partyIdOf(settings.clientId, partyRef, partyName);
    const receiptReference =
      itemNumber === null || remittance?.includes(itemNumber)
        ? remittance
        : [itemNumber, remittance].filter((part) => part !== null).join(' ');
    const identity = [settledOn, settledMinor, currency, receiptReference, payerName, partyId, accountNumber];
    const rowKey = receiptKey === null ? contentKey(identity) : `n:${receiptKey}`;
    const values = {
      partyRef,
      partyName,
      partyKind: mapping.defaults.partyKind,
      accountNumber,
      itemNumber,
      itemKind: null,
      description: null,
      issuedOn: null,
      dueOn: null,
      amountMinor: null,
      openMinor: null,
      currency,
      knownOn: null,
      settledOn,
      settledMinor,
      receiptReference,
      receiptKey,
      payerName,
      email: null,
      phone: null,
      postal: null,
      contactName: null,
      country: null,
      region: null,
      timeZone: null,
      language: null,
    };
    return {
      rowNo,
      rowKey,
      sourceRowId: sourceRowId(settings.clientId, 'receipts', rowKey),
      contentSha256: contentHash(Object.values(values)),
      partyId,
      accountId: accountIdOf(settings.clientId, accountNumber, partyId, currency),
      itemId: null,
      numberKey: null,
      debt: null,
      ...values,
    };
  };
};
