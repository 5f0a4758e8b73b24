import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, calendarDate, daysBetween } from '../../../kernel/calendar.ts';
import { currency, money, parseAmount } from '../../../kernel/money.ts';
import { unwrap } from '../../../kernel/result.ts';
import { shippedPacks } from '../rule-book.ts';
import { judgeAddressee, type Standing, truncatedAccountNumber } from './addressee.ts';
import { electronicDelivery, electronicSubjectLine, mayGoElectronically } from './electronic-delivery.ts';
import { checkItemization, type Itemization, itemizationFields, sumItemization } from './itemization.ts';
import { noticeTermsOn } from './notice-terms.ts';
import { findOvershadowing, withheldInPeriod } from './overshadowing.ts';
import { holidayDate, isCountedDay, validationNoticeDeadline, validationPeriod } from './validation-period.ts';

const usd = currency('USD');
const found = noticeTermsOn({ packs: shippedPacks }, calendarDate('2026-03-02'));
if (found === null) throw new Error('The shipped terms cover 2026.');
const terms = found.validation;

describe('the validation period', () => {
  const cases: [providedOn: string, receipt: string, end: string][] = [
    ['2026-01-15', '2026-01-23', '2026-02-22'],
    ['2026-12-23', '2026-12-31', '2027-01-30'],
    ['2026-12-30', '2027-01-07', '2027-02-06'],
    ['2026-06-16', '2026-06-24', '2026-07-24'],
    ['2026-10-09', '2026-10-19', '2026-11-18'],
    ['2026-02-12', '2026-02-20', '2026-03-22'],
    ['2026-05-20', '2026-05-28', '2026-06-27'],
    // 4 July 2026 is a Saturday: the date itself is skipped anyway, the Friday before it counts.
    ['2026-06-29', '2026-07-06', '2026-08-05'],
    ['2026-11-24', '2026-12-02', '2027-01-01'],
    ['2026-09-04', '2026-09-14', '2026-10-14'],
  ];
  test.each(cases)('given on %s: assumed received on %s, ends on %s', (providedOn, receiptDate, endDate) => {
    expect(validationPeriod({ providedOn: calendarDate(providedOn) }, terms)).toEqual({ receiptDate, endDate });
  });

  test('known receipt takes the place of the assumed one', () => {
    const on = calendarDate('2026-03-02');
    expect(validationPeriod({ providedOn: on, receivedOn: on }, terms)).toEqual({
      receiptDate: '2026-03-02',
      endDate: '2026-04-01',
    });
  });

  test('five counted days lie between sending and assumed receipt, and receipt is a counted day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9000 }), (offset) => {
        const providedOn = addDays(calendarDate('2022-01-01'), offset);
        const { receiptDate, endDate } = validationPeriod({ providedOn }, terms);
        const between = Array.from({ length: daysBetween(providedOn, receiptDate) }, (_, n) =>
          addDays(providedOn, n + 1),
        );
        expect(between.filter((day) => isCountedDay(day, terms))).toHaveLength(terms.assumedReceiptDays);
        expect(isCountedDay(receiptDate, terms)).toBe(true);
        expect(daysBetween(receiptDate, endDate)).toBe(terms.periodDays);
      }),
    );
  });

  test('the parameters are what is counted by', () => {
    const other = { ...terms, assumedReceiptDays: 6, periodDays: 31 };
    expect(validationPeriod({ providedOn: calendarDate('2026-03-02') }, other)).toEqual({
      receiptDate: '2026-03-10',
      endDate: '2026-04-10',
    });
  });

  test('holidays are the dates of 5 USC 6103(a)', () => {
    expect(terms.holidays.map((rule) => holidayDate(rule, 2026))).toEqual([
      '2026-01-01',
      '2026-01-19',
      '2026-02-16',
      '2026-05-25',
      '2026-06-19',
      '2026-07-04',
      '2026-09-07',
      '2026-10-12',
      '2026-11-11',
      '2026-11-26',
      '2026-12-25',
    ]);
    expect(holidayDate({ name: 'leap day', month: 2, day: 29 }, 2026)).toBeNull();
    expect(holidayDate({ name: 'fifth Monday', month: 2, weekday: 1, nth: 5 }, 2026)).toBeNull();
  });

  test('the notice is due five calendar days after the first communication', () => {
    expect(validationNoticeDeadline(calendarDate('2026-03-04'), terms)).toEqual({ sendBy: '2026-03-09' });
  });

  test('they are those of the packs: a change of law is a change of data', () => {
    const changed = shippedPacks.map((pack) => ({
      ...pack,
      rules: pack.rules.flatMap((rule) =>
        rule.kind === 'computation' && 'countedDays' in rule.parameters
          ? [
              { ...rule, effectiveTo: '2027-01-01' },
              { ...rule, effectiveFrom: '2027-01-01', parameters: { ...rule.parameters, periodDays: 45 } },
            ]
          : [rule],
      ),
    }));
    const days = (on: string) => noticeTermsOn({ packs: changed }, calendarDate(on))?.validation.periodDays;
    expect([days('2026-12-31'), days('2027-01-01')]).toEqual([30, 45]);
  });

  test('no terms before the rule took effect', () => {
    expect(noticeTermsOn({ packs: shippedPacks }, calendarDate('2021-11-29'))).toBeNull();
  });
});

const parts = (texts: readonly (string | null)[]): Itemization =>
  Object.fromEntries(
    itemizationFields.map((field, n) => {
      const text = texts[n] ?? null;
      return [field, text === null ? null : unwrap(parseAmount(text, usd, { decimal: '.' }))];
    }),
  ) as Itemization;

describe('the itemization', () => {
  test('of the published form: 2,234.56 + 75.00 + 25.00 − 50.00 = 2,284.56', () => {
    expect(sumItemization(parts(['2234.56', '75.00', '25.00', '50.00', '0']))).toMatchObject({
      complete: true,
      missing: [],
      currentAmount: money(228_456n, usd),
    });
  });

  test('zero is an answer, a blank is none', () => {
    expect(sumItemization(parts(['812.40', '0', '0', '0', '0']))).toMatchObject({ currentAmount: money(81_240n, usd) });
    expect(sumItemization(parts(['812.40', '10.00', null, '0', '0']))).toEqual({ complete: false, missing: ['fees'] });
    expect(sumItemization(parts([null, null, null, null, null]))).toEqual({
      complete: false,
      missing: [...itemizationFields],
    });
  });

  test('always adds up to the minor unit', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 15n });
    fc.assert(
      fc.property(fc.tuple(amount, amount, amount, amount, amount), (minors) => {
        const [owed, interest, fees, payments, credits] = minors;
        const sum = sumItemization(
          Object.fromEntries(itemizationFields.map((field, n) => [field, money(minors[n] ?? 0n, usd)])) as Itemization,
        );
        expect(sum.complete && sum.currentAmount.amountMinor).toBe(owed + interest + fees - payments - credits);
      }),
    );
  });

  test('is refused when incomplete, negative, overpaid or of tomorrow', () => {
    const today = calendarDate('2026-03-02');
    const check = (texts: (string | null)[], on = '2026-01-02') =>
      checkItemization({ on: calendarDate(on), parts: parts(texts) }, today);
    expect(check(['10', '0', '0', '0', '0'])).toMatchObject({ ok: true, value: { currentAmount: money(1000n, usd) } });
    expect(check(['10', null, '0', '0', '0'])).toMatchObject({
      code: 'itemization_incomplete',
      fields: { interest: expect.any(String) },
    });
    expect(check(['10', '-1', '0', '0', '0'])).toMatchObject({ code: 'itemization_negative' });
    expect(check(['10', '0', '0', '10', '0'])).toMatchObject({ code: 'itemization_negative' });
    expect(check(['10', '0', '0', '0', '0'], '2026-03-03')).toMatchObject({ code: 'itemization_in_the_future' });
  });
});

describe('electronic delivery', () => {
  const sentAt = '2026-05-01T10:00:00-04:00';
  test.each([
    [{ sentAt, undeliverabilityMonitored: true }, true],
    [{ sentAt, bounceAt: null, undeliverabilityMonitored: true }, true],
    [{ sentAt, bounceAt: '2026-05-01T10:02:00-04:00', undeliverabilityMonitored: true }, false],
    [{ sentAt, undeliverabilityMonitored: false }, false],
    [{ undeliverabilityMonitored: true }, false],
  ])('%j gives actual notice: %s', (sending, expected) => {
    expect(electronicDelivery(sending)).toEqual({ reasonablyExpectedActualNotice: expected });
  });

  test.each([
    [['current_creditor', 'truncated_account_number'], true],
    [['creditorName', 'accountLast4'], true],
    [['creditor_name', 'original_creditor'], true],
    [['creditor_name', 'store_brand'], true],
    [['creditor_name', 'amount'], false],
    [['creditor_name'], false],
    [['account_number', 'amount'], false],
    [['original_creditor', 'account_number'], false],
    [['important_message'], false],
    [[], false],
  ])('a subject line of %j supports actual notice: %s', (subjectContains, expected) => {
    expect(electronicSubjectLine({ subjectContains })).toEqual({ supportsActualNotice: expected });
  });

  test('the five-day notice needs E-SIGN consent, one inside the first message does not', () => {
    const may = (insideInitialCommunication: boolean, esignConsent: boolean) =>
      mayGoElectronically({ insideInitialCommunication, esignConsent }).ok;
    expect([may(false, false), may(false, true), may(true, false)]).toEqual([false, true, true]);
  });
});

describe('what would overshadow', () => {
  test.each([
    ['Pay within ten days.', 'due_date'],
    ['Your payment is due by March 20.', 'due_date'],
    ['Pay immediately to avoid trouble.', 'due_date'],
    ['Pague antes del 20 de marzo.', 'due_date'],
    ['Settle for half until 03/20/2026.', 'discount_deadline'],
    ['This offer expires soon.', 'discount_deadline'],
    ['La oferta vence el 5 de mayo.', 'discount_deadline'],
    ['We may report this to a credit bureau.', 'credit_report'],
    ['Podemos informar a las agencias de crédito.', 'credit_report'],
    ['Otherwise we will take legal action.', 'threat'],
    ['Este es el último aviso.', 'threat'],
  ])('%s', (text, kind) => {
    expect(findOvershadowing(text).map((one) => one.kind)).toContain(kind);
  });

  test.each([
    'Contact us about your payment options.',
    'Call or write to us by August 28, 2020, to dispute all or part of the debt.',
    'Bank transfer to account 12 34 56, reference 584-345.',
    'Comuníquese con nosotros para informarse sobre sus opciones de pago.',
  ])('leaves alone: %s', (text) => {
    expect(findOvershadowing(text)).toEqual([]);
  });

  test('a long text costs no more than its length', () => {
    const started = performance.now();
    findOvershadowing('pay by discount before '.repeat(2000));
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('a demand inside the period is withheld unless it is reconciled with the right to dispute', () => {
    const kinds = (content: Parameters<typeof withheldInPeriod>[0]) =>
      withheldInPeriod(content, '2026-04-08').map((one) => one.kind);
    expect(kinds({ demandsPaymentBy: '2026-03-20', reconcilesWithDisputeRights: false })).toEqual(['due_date']);
    expect(kinds({ demandsPaymentBy: '2026-04-08' })).toEqual(['due_date']);
    expect(kinds({ demandsPaymentBy: '2026-04-09' })).toEqual([]);
    expect(kinds({ demandsPaymentBy: '2026-03-20', reconcilesWithDisputeRights: true })).toEqual([]);
    expect(kinds({ threatens: true, mentionsCreditReporting: true, discountEndsOn: '2026-04-01' })).toEqual([
      'discount_deadline',
      'threat',
      'credit_report',
    ]);
  });
});

describe('the addressee', () => {
  const plain: Standing = {
    attorney: null,
    deceased: false,
    representative: null,
    minor: false,
    guardian: null,
    bankrupt: false,
  };
  const to = { role: 'consumer', name: 'Person A', lines: ['2323 Park Street'] } as const;
  test('is the consumer unless something stands against it', () => {
    expect(judgeAddressee(plain, to).ok).toBe(true);
    expect(judgeAddressee(plain, { ...to, lines: [] })).toMatchObject({ code: 'no_postal_address' });
  });
  test.each([
    [{ bankrupt: true, attorney: { name: 'A' } }, 'bankrupt', /counsel/],
    [{ deceased: true }, 'send_to_representative', /authorised to act for the estate/],
    [{ deceased: true, representative: { name: 'Executor E' } }, 'send_to_representative', /Executor E/],
    [{ minor: true }, 'send_to_guardian', /parent/],
    [{ attorney: { name: 'Ann Law LLP' } }, 'send_to_attorney', /Ann Law LLP/],
  ] as const)('%j: %s', (changes, code, sentence) => {
    const judged = judgeAddressee({ ...plain, ...changes }, to);
    expect(judged).toMatchObject({ ok: false, code });
    expect(judged.ok ? '' : judged.detail).toMatch(sentence);
  });
  test('may be the one who acts for the person', () => {
    expect(judgeAddressee({ ...plain, attorney: { name: 'A' } }, { ...to, role: 'attorney' }).ok).toBe(true);
    expect(judgeAddressee({ ...plain, deceased: true }, { ...to, role: 'representative' }).ok).toBe(true);
    expect(judgeAddressee({ ...plain, minor: true }, { ...to, role: 'guardian' }).ok).toBe(true);
  });
  test.each([
    ['4111 1111 1111 1234', '1234'],
    ['123-456-789', '6789'],
    ['A-12', '2'],
    ['7', ''],
  ])('%s is shown as ending in %s', (number, shown) => {
    expect(truncatedAccountNumber(number)).toBe(shown);
  });
});
