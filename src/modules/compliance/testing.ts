import { calendarDate } from '../../kernel/calendar.ts';
import type { Id } from '../../kernel/ids.ts';
import { currency, money } from '../../kernel/money.ts';
import type { ValidationOrder } from './notices/prepare-notice.ts';
import type { CollectorProfile } from './notices/validation-information.ts';
import { buildRuleBook, type RuleBook, shippedPacks } from './rule-book.ts';

export { someCase, someContact, someEvent, someFacts, someHold, someProposal, someWish } from './rules/testing.ts';

/** The shipped rules with the given holidays, `country/date` → name. */
export function someRules(holidays: Readonly<Record<string, string>> = {}): RuleBook {
  return buildRuleBook(shippedPacks, [], (country, _region, date) => holidays[`${country}/${date}`] ?? null);
}

/** Who a tenant of the tests is on its notices. */
export function someCollector(changes: Partial<CollectorProfile> = {}): CollectorProfile {
  return {
    name: 'North South Group',
    addressLines: ['P.O. Box 123456', 'Pasadena, CA 91111-2222'],
    phone: '(800) 123-4567',
    phoneHours: '8am to 8pm ET, Monday to Saturday',
    website: 'www.example.com',
    email: null,
    offersSpanish: true,
    offersOnlineReplies: true,
    disclosures: [
      {
        regions: ['MD'],
        heading: 'Maryland residents',
        text: 'This collector is licensed in Maryland.',
        headingEs: 'Residentes de Maryland',
        textEs: 'Este cobrador tiene licencia en Maryland.',
      },
      { regions: ['CA'], heading: 'California residents', text: 'Other.', headingEs: null, textEs: null },
    ],
    ...changes,
  };
}

/** An order for a notice about an account that owes `owedMinor`, itemized as on the published form when that is 2,284.56. */
export function someValidationOrder(
  accountId: Id<'account'>,
  owedMinor: bigint,
  changes: Partial<ValidationOrder> = {},
): ValidationOrder {
  const usd = (minor: bigint) => money(minor, currency('USD'));
  return {
    accountId,
    addressee: 'consumer',
    channel: 'letter',
    language: 'en',
    itemization: {
      on: calendarDate('2025-01-02'),
      kind: 'last_statement',
      parts: {
        amountOnItemizationDate: usd(owedMinor - 7_500n - 2_500n + 5_000n),
        interest: usd(7_500n),
        fees: usd(2_500n),
        payments: usd(5_000n),
        credits: usd(0n),
      },
    },
    corrects: false,
    creditorOnItemizationDate: null,
    product: 'credit card',
    brand: 'Main Street Department Store',
    financialProduct: true,
    supersedesId: null,
    ...changes,
  };
}
