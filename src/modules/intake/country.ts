import { type Result, ok, refuse } from '../../kernel/result.ts';

const aliases: Readonly<Record<string, string>> = {
  usa: 'US',
  'united states of america': 'US',
  america: 'US',
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  holland: 'NL',
  'the netherlands': 'NL',
  deutschland: 'DE',
  osterreich: 'AT',
  schweiz: 'CH',
  espana: 'ES',
  italia: 'IT',
  uae: 'AE',
};

let names: Map<string, string> | undefined;

function byName(): Map<string, string> {
  if (names) return names;
  const display = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  names = new Map(Object.entries(aliases));
  for (let first = 65; first <= 90; first += 1) {
    for (let second = 65; second <= 90; second += 1) {
      const code = String.fromCharCode(first, second);
      const name = display.of(code);
      if (name !== undefined) names.set(name.toLowerCase(), code).set(code.toLowerCase(), code);
    }
  }
  // Retired, reserved and made-up codes that the runtime has names for.
  for (const code of ['an', 'bu', 'cs', 'dd', 'eu', 'ez', 'fx', 'su', 'tp', 'un', 'xa', 'xb', 'yd', 'yu', 'zr', 'zz'])
    names.delete(code);
  return names;
}

/** An ISO 3166 alpha-2 code from a code or an English name. Refuses: `unknown_country`. */
export function readCountry(text: string): Result<string, 'unknown_country'> {
  const key = text.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase();
  const code = byName().get(text.trim().toLowerCase()) ?? byName().get(key);
  if (code !== undefined) return ok(code);
  return refuse(
    'unknown_country',
    `"${text.slice(0, 60)}" is not a country we know; use a two-letter code such as US or DE.`,
  );
}
