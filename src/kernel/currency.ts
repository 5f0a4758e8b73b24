import { type Result, ok, refuse } from './result.ts';

declare const currencyBrand: unique symbol;

/** An ISO 4217 code whose exponent we know (0, 2 or 3). */
export type Currency = string & { readonly [currencyBrand]: true };

const byExponent: Readonly<Record<0 | 2 | 3, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP ' +
    'CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
    'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN ' +
    'NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP ' +
    'SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
};

const exponents = new Map<string, 0 | 2 | 3>();
for (const exponent of [0, 2, 3] as const) {
  for (const code of byExponent[exponent].split(' ')) exponents.set(code, exponent);
}

/** Every code we accept, sorted. */
export const currencies: readonly Currency[] = [...exponents.keys()].sort() as Currency[];

/** Reads a three-letter ISO 4217 code in any letter case. Refuses codes we do not know: `unknown_currency`. */
export function parseCurrency(text: string): Result<Currency, 'unknown_currency'> {
  const code = text.trim().toUpperCase();
  if (exponents.has(code)) return ok(code as Currency);
  return refuse('unknown_currency', `"${text.slice(0, 20)}" is not a currency we know; use a code such as USD or EUR.`);
}

/** For text already known to be a code (our own rows, constants); throws otherwise. */
export function currency(code: string): Currency {
  if (!exponents.has(code)) throw new RangeError(`Not a known ISO 4217 code: "${code}"`);
  return code as Currency;
}

/** Digits after the decimal mark: 0 (JPY), 2 (USD) or 3 (KWD). */
export function exponentOf(of: Currency): 0 | 2 | 3 {
  const exponent = exponents.get(of);
  if (exponent === undefined) throw new RangeError(`Not a known ISO 4217 code: "${of}"`);
  return exponent;
}
