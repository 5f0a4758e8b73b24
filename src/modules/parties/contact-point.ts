import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { ok, type Result, refuse } from '../../kernel/result.ts';

export type ContactKind = 'email' | 'phone' | 'postal';
export type ContactQuality = 'verified' | 'unverified' | 'wrong' | 'bounced';

/** A contact point as stored (`value`, as written) and as compared (`valueKey`). */
export type ContactValue = { readonly value: string; readonly valueKey: string };

// What the SMTP side can take, on purpose narrower than RFC 5321: no quoted local part, no address literal.
const email =
  /^[^\s@<>()[\]\\,;:"]+@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u;

/** Reads an e-mail address; compared in lower case. Refuses: `bad_email`. */
export function normaliseEmail(text: string): Result<ContactValue, 'bad_email'> {
  const value = text.trim().replace(/^mailto:/i, '');
  if (value.length > 254 || value.indexOf('@') > 64 || value.includes('..') || !email.test(value)) {
    return refuse('bad_email', `"${text.slice(0, 60)}" is not an e-mail address; write it like name@example.com.`);
  }
  return ok({ value, valueKey: value.toLowerCase() });
}

/** Reads a phone number, national ones as numbers of `country`; compared as E.164. Refuses: `bad_phone`. */
export function normalisePhone(text: string, country?: string | null): Result<ContactValue, 'bad_phone'> {
  const region = country?.toUpperCase() ?? '';
  const parsed = parsePhoneNumberFromString(text, isSupportedCountry(region) ? (region as CountryCode) : undefined);
  if (!parsed?.isPossible()) {
    return refuse(
      'bad_phone',
      `"${text.slice(0, 40)}" is not a phone number; write it with its country code, like +1 212 555 0100.`,
    );
  }
  return ok({ value: parsed.number, valueKey: parsed.number });
}

/** Reads a postal address of any shape; compared without regard to case, marks and blanks. Refuses: `bad_postal` when empty. */
export function normalisePostal(text: string): Result<ContactValue, 'bad_postal'> {
  const value = text.trim();
  if (value === '') return refuse('bad_postal', 'The postal address is empty; write street, town and country.');
  return ok({ value, valueKey: value.toLowerCase().replace(/\s+/g, ' ') });
}

/** Reads a contact point of any kind. Refuses: `bad_email`, `bad_phone`, `bad_postal`. */
export function normaliseContact(
  kind: ContactKind,
  text: string,
  country?: string | null,
): Result<ContactValue, 'bad_email' | 'bad_phone' | 'bad_postal'> {
  switch (kind) {
    case 'email':
      return normaliseEmail(text);
    case 'phone':
      return normalisePhone(text, country);
    case 'postal':
      return normalisePostal(text);
  }
}
