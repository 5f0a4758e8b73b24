import type { AddressFact } from './gate-facts.ts';

/** A contact point as it lies in the parties room. */
export type AddressRowOfLaw = {
  readonly kind: string;
  readonly value_key: string;
  readonly label: string | null;
  readonly quality: string;
  readonly ended_at: Date | null;
};

// Mailboxes anybody can open: the employer does not provide them.
const openToAll = new Set(
  'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com aol.com icloud.com me.com mac.com proton.me protonmail.com gmx.com gmx.net gmx.de web.de mail.com zoho.com comcast.net verizon.net att.net'.split(
    ' ',
  ),
);

/**
 * What the law asks of an address: where it reaches the person, what line it is, whether the employer provides it. What neither
 * the kind nor the label says stays unknown.
 */
export function addressAsLaw(row: AddressRowOfLaw): AddressFact {
  const label = row.label?.toLowerCase() ?? '';
  const work = /\b(work|office|business|employer)\b/.test(label);
  const home = /\b(home|landline|house)\b/.test(label) || row.kind === 'postal';
  const mobile = /\b(mobile|cell)\b/.test(label);
  const domain = row.kind === 'email' ? row.value_key.slice(row.value_key.lastIndexOf('@') + 1) : '';
  return {
    key: row.value_key,
    quality: row.quality,
    ended: row.ended_at !== null,
    place: work ? 'work' : home ? 'home' : null,
    ...(mobile
      ? { lineType: 'wireless' as const }
      : /\b(landline|home)\b/.test(label)
        ? { lineType: 'residential' as const }
        : row.kind === 'phone'
          ? {}
          : { lineType: null }),
    ...(row.kind !== 'email'
      ? { employerProvided: false }
      : work
        ? { employerProvided: true }
        : openToAll.has(domain)
          ? { employerProvided: false }
          : {}),
  };
}
