import { addMonths, type CalendarDate, calendarDate } from '../../kernel/calendar.ts';
import type { Currency } from '../../kernel/money.ts';
import { usStateOf, usStateOfZip } from '../parties/public.ts';
import type { Problem } from './cell-readers.ts';
import { debtFields } from './debt-fields.ts';
import {
  consentKinds,
  readChapter,
  readConsentKind,
  readContractKind,
  readFlag,
  readGoverningLaw,
  readItemizedBy,
  readProduct,
  readRecipient,
} from './debt-words.ts';
import { fieldReaders, labelOf } from './field-readers.ts';
import type { Mapping } from './mapping.ts';
import type { RowSettings } from './row-reader.ts';

/** What a row says of its debt and the person's standing, as the text that is staged; and the place as the code says it. */
export type DebtCells = {
  readonly debt: string | null;
  readonly region: string | null;
  readonly postal: string | null;
};

type Place = { readonly country: string | null; readonly region: string | null; readonly postal: string | null };
type DebtReader = (
  cells: readonly string[],
  row: { readonly currency: Currency | null; readonly place: Place },
  problems: Problem[],
) => DebtCells;

/** Whether a mapping has anything to say about debts. */
export const describesDebts = (mapping: Mapping): boolean => debtFields.some((field) => mapping.fields[field.name]);

const parts = ['itemized', 'interest_since', 'fees_since', 'payments_since', 'credits_since'] as const;
const notBefore = calendarDate('1900-01-01');

/**
 * Reads the description of a consumer debt; null where the mapping has none, so that files without it cost nothing. What lies after
 * `until` was not known then and is left out. Members come in a fixed order: the text is part of what tells a changed row.
 */
export function debtReader(
  mapping: Mapping,
  at: ReadonlyMap<string, number>,
  settings: RowSettings,
): DebtReader | null {
  if (!describesDebts(mapping)) return null;
  const fields = fieldReaders(mapping, at);
  const creditsApart = mapping.fields.credits_since !== undefined;
  const has = (name: string) => mapping.fields[name] !== undefined;
  const texts = Object.fromEntries(
    debtFields
      .filter((field) => field.type === 'text' && has(field.name))
      .map(({ name }) => [name, fields.words(name)]),
  );
  const dates = Object.fromEntries(
    debtFields.filter((field) => field.type === 'date' && has(field.name)).map(({ name }) => [name, fields.date(name)]),
  );
  const amounts = parts.map((name) => [name, fields.amount(name)] as const);

  return (cells, { currency, place }, problems) => {
    const say = (field: string, code: string, sentence: string) => void problems.push({ field, code, sentence });
    const text = (name: string) => texts[name]?.(cells, problems) ?? null;
    const word = <Value>(name: string, read: (cell: string) => Value | null, choices: string): Value | null => {
      const cell = text(name);
      if (cell === null) return null;
      const value = read(cell);
      if (value === null)
        say(name, 'unknown_word', `${labelOf(mapping, name)}: "${cell.slice(0, 40)}" is not known; write ${choices}.`);
      return value;
    };
    const day = (name: string): CalendarDate | null => {
      const on = dates[name]?.(cells, problems) ?? null;
      if (on === null) return null;
      if (on < notBefore) say(name, 'too_long_ago', `${labelOf(mapping, name)} ${on} is too long ago. Correct it.`);
      else if (name !== 'last_suit_on' && on > settings.today)
        say(name, 'in_the_future', `${labelOf(mapping, name)} ${on} lies in the future. Correct it.`);
      return on;
    };
    const known = (on: CalendarDate | null) =>
      on !== null && settings.until !== null && on > settings.until ? null : on;
    const flag = (name: string, on: CalendarDate | null): boolean => {
      const said = word(name, readFlag, 'yes or no');
      if (said === false && on !== null)
        say(name, 'contradiction', `${labelOf(mapping, name)} says no, yet a date is given. Correct one of them.`);
      if (on !== null && known(on) === null) return false;
      return said === true || on !== null;
    };

    const lastPaidOn = day('last_paid_on');
    const defaultedOn = day('defaulted_on');
    const chargedOffOn = day('charged_off_on');
    const contractedOn = day('contracted_on');
    const judgmentOn = day('judgment_on');
    for (const [name, on] of [
      ['last_paid_on', lastPaidOn],
      ['defaulted_on', defaultedOn],
      ['charged_off_on', chargedOffOn],
      ['judgment_on', judgmentOn],
    ] as const)
      if (on !== null && contractedOn !== null && on < contractedOn)
        say(
          name,
          'before_the_contract',
          `${labelOf(mapping, name)} ${on} lies before the contract of ${contractedOn}. Correct one of them.`,
        );

    const itemization = itemize();
    const bornOn = day('born_on');
    const deceasedOn = day('deceased_on');
    const deceased = flag('deceased', deceasedOn);
    const bankruptOn = day('bankrupt_on');
    const bankrupt = flag('bankrupt', bankruptOn);
    const chapter = word('bankruptcy_chapter', readChapter, '7, 11, 12 or 13');
    const attorneyName = text('attorney_name');
    const attorneyAddress = text('attorney_address');
    const represented = word('attorney', readFlag, 'yes or no') ?? attorneyName !== null;
    if (attorneyName !== null && !represented)
      say(
        'attorney',
        'contradiction',
        'The row names an attorney and says that the person has none. Correct one of them.',
      );
    const lasting = day('last_suit_on');
    const debt = tidy({
      product: nullable(text('debt_product'), readProduct),
      originalCreditor: text('original_creditor'),
      itemizedCreditor: text('itemized_creditor'),
      itemization,
      lastPaidOn: known(lastPaidOn),
      defaultedOn,
      chargedOffOn: known(chargedOffOn),
      contract: word('contract_kind', readContractKind, 'written, oral, promissory note, open-ended or deed'),
      contractedOn,
      governing: word(
        'governing_law',
        (cell) => readGoverningLaw(cell, place.country),
        'a state such as CA, or England, Wales, Scotland or Northern Ireland',
      ),
      judgmentOn: known(judgmentOn),
      lastDayToSue: lasting,
      // The day a grown person was born says nothing the law asks for, so it is not kept.
      bornOn: bornOn !== null && addMonths(bornOn, 18 * 12) > settings.today ? bornOn : null,
      languageWish: word(
        'language_wish',
        (cell) => /^[a-z]{2}/i.exec(cell.trim())?.[0]?.toLowerCase() ?? null,
        'a code such as es',
      ),
      attorney: represented ? tidy({ name: attorneyName, address: attorneyAddress }) : null,
      deceased: deceased ? tidy({ on: deceasedOn }) : null,
      bankruptcy: bankrupt ? tidy({ on: bankruptOn, chapter }) : null,
      consent: readConsent(),
    });
    return { debt: Object.keys(debt).length === 0 ? null : JSON.stringify(debt), ...placeOf() };

    function itemize() {
      const on = day('itemized_on');
      const by = word(
        'itemized_by',
        readItemizedBy,
        'last statement, charge-off, last payment, transaction or judgment',
      );
      if (on === null) return null;
      if (by === null) {
        if (!problems.some((problem) => problem.field === 'itemized_by'))
          say(
            'itemized_by',
            'missing_value',
            'The itemization date is given, but not which date it is: write last statement, charge-off, last payment, transaction or judgment.',
          );
        return null;
      }
      const same = {
        charge_off: chargedOffOn,
        last_payment: lastPaidOn,
        judgment: judgmentOn,
        last_statement: null,
        transaction: null,
      }[by];
      if (same !== null && same !== on)
        say(
          'itemized_on',
          'contradiction',
          `The itemization date ${on} is not the day the row gives for the ${by.replace('_', ' ')}, ${same}. Correct one of them.`,
        );
      const minor: Record<string, string> = {};
      for (const [name, read] of amounts) {
        const value = currency && read ? read(cells, currency, problems) : null;
        // The form has one line for payments and credits: without a column of their own they are in the payments.
        if (value === null && name === 'credits_since' && !creditsApart) minor[name] = '0';
        else if (value === null) {
          if (!problems.some((problem) => problem.field === name))
            say(
              name,
              'missing_value',
              `${labelOf(mapping, name)} is blank; an itemization needs it. Write 0 where there was none.`,
            );
        } else if (value < 0n)
          say(name, 'negative_amount', `${labelOf(mapping, name)} is negative. Write it without a minus sign.`);
        else minor[name] = value.toString();
      }
      const { itemized, interest_since, fees_since, payments_since, credits_since } = minor;
      return {
        on,
        kind: by,
        amountOnItemizationDate: itemized,
        interest: interest_since,
        fees: fees_since,
        payments: payments_since,
        credits: credits_since,
      };
    }

    function readConsent() {
      const kind = word(
        'consent_channel',
        readConsentKind,
        'e-mail, E-SIGN, calls, autodialed calls, texts or any contact',
      );
      const on = day('consent_on');
      const evidence = text('consent_evidence');
      const to = word('consent_given_to', readRecipient, 'us, creditor or earlier collector') ?? 'client';
      if (kind === null) return null;
      if (on === null) {
        if (!problems.some((problem) => problem.field === 'consent_on'))
          say(
            'consent_on',
            'missing_value',
            'A consent without the day it was given proves nothing. Fill the day in, or leave the consent out.',
          );
        return null;
      }
      if (evidence === null) {
        say(
          'consent_evidence',
          'needs_evidence',
          'Say how the consent can be proved: the form, the recording, the document.',
        );
        return null;
      }
      return known(on) === null ? null : { ...consentKinds[kind], on, evidence, to };
    }

    function placeOf() {
      const zip = text('postal_code');
      const american = place.country === 'US';
      if (american && place.region !== null && usStateOf(place.region) === null)
        say(
          'region',
          'unknown_state',
          `"${place.region.slice(0, 40)}" is no state of the United States, so nobody knows whose law applies. Write its name or its two letters.`,
        );
      const state = american && zip !== null ? usStateOfZip(zip) : null;
      if (american && zip !== null && !/^\d{5}(-?\d{4})?$/.test(zip))
        say(
          'postal_code',
          'bad_zip',
          `"${zip.slice(0, 20)}" is not a ZIP code of five or nine digits; a leading zero may be lost. Correct it.`,
        );
      const postal =
        place.postal === null || zip === null || place.postal.includes(zip) ? place.postal : `${place.postal}, ${zip}`;
      return { region: place.region ?? state, postal };
    }
  };
}

const nullable = <From, To>(value: From | null, read: (value: From) => To): To | null =>
  value === null ? null : read(value);

/** Without what is not known, in the order written. */
const tidy = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined));
