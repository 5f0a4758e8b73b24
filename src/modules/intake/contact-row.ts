import { phoneOf } from './cell-readers.ts';
import { fieldReaders } from './field-readers.ts';
import { contentHash, sourceRowId } from './row-key.ts';
import { partyIdOf } from './subject-ids.ts';
import type { RowCompiler } from './row-reader.ts';

/** How parties are reached and where they are. */
export const compileContactRow: RowCompiler = (mapping, at, settings) => {
  const fields = fieldReaders(mapping, at);
  const read = {
    ref: fields.text('party_ref'),
    name: fields.text('party_name'),
    contact: fields.text('contact_name'),
    email: fields.code('email'),
    phone: fields.text('phone'),
    postal: fields.text('postal'),
    country: fields.code('country', mapping.defaults.country),
    region: fields.text('region'),
    zone: fields.code('time_zone', mapping.defaults.timeZone),
    language: fields.code('language'),
  };
  return (rowNo, cells, problems) => {
    const partyRef = read.ref(cells, problems);
    const partyName = read.name(cells, problems);
    const contactName = read.contact(cells, problems);
    const email = read.email(cells, problems);
    const postal = read.postal(cells, problems);
    const place = {
      country: read.country(cells, problems),
      region: read.region(cells, problems),
      timeZone: read.zone(cells, problems),
      language: read.language(cells, problems),
    };
    const phone = phoneOf(read.phone(cells, problems), place.country, problems);
    if (problems.length > 0) return null;
    if (partyRef === null && partyName === null) {
      problems.push({
        field: 'party_name',
        code: 'missing_value',
        sentence: 'Neither customer number nor customer name is filled in: nobody knows whose address this is.',
      });
      return null;
    }
    if (email === null && phone === null && postal === null && Object.values(place).every((value) => value === null)) {
      problems.push({
        field: 'email',
        code: 'missing_value',
        sentence: 'The row has no e-mail, telephone or address. Fill one in.',
      });
      return null;
    }
    const partyId = partyIdOf(settings.clientId, partyRef, partyName);
    const values = {
      partyRef,
      partyName,
      partyKind: mapping.defaults.partyKind,
      accountNumber: null,
      itemNumber: null,
      itemKind: null,
      description: null,
      issuedOn: null,
      dueOn: null,
      amountMinor: null,
      openMinor: null,
      currency: null,
      knownOn: null,
      settledOn: null,
      settledMinor: null,
      receiptReference: null,
      receiptKey: null,
      payerName: null,
      email,
      phone,
      postal,
      contactName,
      ...place,
    };
    const sha256 = contentHash(Object.values(values));
    const rowKey = `p:${contentHash([partyId, email, phone, postal, contactName]).slice(0, 32)}`;
    return {
      rowNo,
      rowKey,
      sourceRowId: sourceRowId(settings.clientId, 'contacts', rowKey),
      contentSha256: sha256,
      partyId,
      accountId: null,
      itemId: null,
      numberKey: null,
      debt: null,
      ...values,
    };
  };
};
