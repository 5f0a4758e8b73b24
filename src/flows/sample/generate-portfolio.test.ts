import { describe, expect, it } from 'vitest';
import { calendarDate, weekday } from '../../kernel/calendar.ts';
import { generatePortfolio } from './generate-portfolio.ts';

const options = { seed: 7, accounts: 400, on: calendarDate('2026-03-02'), historyDays: 180, itemsPerAccount: 4 };

describe('the generated portfolio', () => {
  const portfolio = [...generatePortfolio(options)];

  it('is the same for the same seed and differs for another', () => {
    expect([...generatePortfolio(options)]).toEqual(portfolio);
    expect([...generatePortfolio({ ...options, seed: 8 })]).not.toEqual(portfolio);
  });

  it('makes an account independently of how many there are', () => {
    expect([...generatePortfolio({ ...options, accounts: 3 })]).toEqual(portfolio.slice(0, 3));
  });

  it('never settles more than was invoiced, before issue, or on a weekend', () => {
    for (const item of portfolio.flatMap((account) => account.items)) {
      const settled = item.settlements.reduce((sum, settlement) => sum + settlement.amountMinor, 0n);
      expect(settled === 0n || settled === item.amountMinor).toBe(true);
      for (const settlement of item.settlements) {
        expect(settlement.on >= item.issuedOn).toBe(true);
        expect(weekday(settlement.on)).toBeLessThan(6);
      }
    }
  });

  it('gives invoice numbers that do not repeat, and mail that can reach nobody', () => {
    const numbers = portfolio.flatMap((account) => account.items.map((item) => item.number));
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const { email } of portfolio) expect(email === null || email.endsWith('.example')).toBe(true);
    expect(portfolio.some((account) => account.email === null)).toBe(true);
  });
});
