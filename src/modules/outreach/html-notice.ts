import type { NoticeText, SectionText } from './render-notice.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const esc = (text: string) => text.replace(/[&<>"']/g, (mark) => escapes[mark] ?? mark);

// Tables, inline styles and attributes, because mail programs of the last twenty years agree on nothing else. Dark mode: the
// class rules below for those that honour media queries; the rest invert the light colours, which are chosen to survive that.
const font = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const tones: readonly [{ bar: string; chip: string; ink: string }, ...{ bar: string; chip: string; ink: string }[]] = [
  { bar: '#2f6f6d', chip: '#e3f1f0', ink: '#1f5856' },
  { bar: '#2f5fa8', chip: '#e6eefa', ink: '#214a87' },
  { bar: '#2f5fa8', chip: '#e6eefa', ink: '#214a87' },
  { bar: '#a8641a', chip: '#fbeedd', ink: '#83490a' },
  { bar: '#a3402b', chip: '#fbe7e2', ink: '#86301d' },
  { bar: '#8c2430', chip: '#f9e3e6', ink: '#741a25' },
];

const darkStyles = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .page { background: #15181d !important; } .card { background: #1e2228 !important; border-color: #343a43 !important; }
    .ink { color: #e9ebee !important; } .soft { color: #a4abb6 !important; } .rule { border-color: #343a43 !important; }
    .panel { background: #262b33 !important; } .late { color: #f0a08f !important; } .link { color: #9dbdf2 !important; }
  }
  @media (max-width: 540px) {
    .pad { padding-left: 18px !important; padding-right: 18px !important; } .wide { display: none !important; }
    .cell { font-size: 13px !important; } .gap { padding-right: 8px !important; }
  }`;

/** The HTML part: one column of at most 640 px, a table of what is open per currency, and a way out in the footer. */
export function htmlOf(text: NoticeText): string {
  const tone = tones[text.level] ?? tones[0];
  const cell = `font-family:${font};font-size:15px;line-height:23px;color:#22262c`;
  const paragraph = (words: string) => `<p class="ink" style="margin:0 0 16px;${cell}">${esc(words)}</p>`;
  const quoted = text.comment
    .map((words) => `<p class="ink" style="margin:0 0 8px;${cell}">${esc(words)}</p>`)
    .join('');
  return `<!doctype html>
<html lang="${esc(text.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${esc(text.subject)}</title>
<style>${darkStyles}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f2f3f5;-webkit-text-size-adjust:100%">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f2f3f5">
<tr><td align="center" style="padding:32px 12px">
<table role="presentation" class="card" width="640" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:640px;background:#ffffff;border:1px solid #dfe2e7;border-radius:10px;border-collapse:separate;overflow:hidden">
<tr><td style="height:5px;line-height:5px;font-size:0;background:${tone.bar}">&nbsp;</td></tr>
<tr><td class="pad" style="padding:28px 40px 0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="ink" style="font-family:${font};font-size:18px;line-height:24px;font-weight:600;color:#15181d">${esc(text.senderName)}</td>
<td align="right" style="white-space:nowrap;padding-left:12px"><span style="display:inline-block;padding:3px 11px;border-radius:12px;background:${tone.chip};color:${tone.ink};font-family:${font};font-size:12px;line-height:18px;font-weight:600">${esc(text.label)}</span></td>
</tr></table>
</td></tr>
<tr><td class="pad" style="padding:24px 40px 8px">
${paragraph(text.greeting)}
${quoted === '' ? '' : `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px"><tr><td style="padding:2px 0 0 14px;border-left:3px solid ${tone.bar}">${quoted}</td></tr></table>`}
${text.paragraphs.map(paragraph).join('\n')}
</td></tr>
${text.sections.map((section) => sectionOf(section, text)).join('\n')}
${text.howToPay === null ? '' : payOf(text.howToPay)}
<tr><td class="pad" style="padding:20px 40px 30px">
${text.disclosures.map(paragraph).join('\n')}
${paragraph(text.questions)}
<p class="ink" style="margin:0;${cell}">${esc(text.signOff)}<br><strong>${esc(text.senderName)}</strong></p>
</td></tr>
</table>
<table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:640px">
<tr><td class="pad soft" align="center" style="padding:18px 40px 0;font-family:${font};font-size:12px;line-height:18px;color:#5c6470">
${text.footer.map(esc).join('<br>')}<br><a class="soft" href="${esc(text.unsubscribe.url)}" style="color:#5c6470;text-decoration:underline">${esc(text.unsubscribe.label)}</a>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

function sectionOf(section: SectionText, { headings }: NoticeText): string {
  const number = `font-family:${font};font-size:14px;line-height:20px;font-variant-numeric:tabular-nums;white-space:nowrap`;
  const head = (words: string, side: string, kind = '') =>
    `<th class="soft${kind}" align="${side}" style="padding:0 0 8px;font-family:${font};font-size:12px;line-height:16px;font-weight:600;color:#5c6470">${esc(words)}</th>`;
  const line = 'border-top:1px solid #e6e8ec;padding:9px 0';
  const rows = section.rows.map(
    (row) => `<tr>
<td class="ink rule cell gap" style="${line};${number};color:#22262c;padding-right:12px">${esc(row.number)}</td>
<td class="soft rule wide" style="${line};${number};color:#5c6470;padding-right:12px">${esc(row.issued)}</td>
<td class="ink rule cell gap" style="${line};${number};color:#22262c;padding-right:12px">${esc(row.due)}</td>
<td class="${row.late ? 'late' : 'soft'} rule cell gap" style="${line};${number};white-space:normal;color:${row.late ? '#a3402b' : '#5c6470'};padding-right:12px">${esc(row.age)}</td>
<td class="ink rule cell" align="right" style="${line};${number};color:#22262c">${esc(row.open)}</td>
</tr>`,
  );
  const sum = (words: string, amount: string, strong: boolean) => `<tr>
<td class="ink" style="padding:3px 0;font-family:${font};font-size:${strong ? 16 : 14}px;line-height:22px;font-weight:${strong ? 600 : 400};color:#22262c">${esc(words)}</td>
<td class="ink" align="right" style="padding:3px 0;${number};font-size:${strong ? 16 : 14}px;line-height:22px;font-weight:${strong ? 600 : 400};color:#22262c">${esc(amount)}</td>
</tr>`;
  return `<tr><td class="pad" style="padding:8px 40px 12px">
<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse">
<thead><tr>${head(headings.invoice, 'left')}${head(headings.issued, 'left', ' wide')}${head(headings.due, 'left')}${head(headings.age, 'left')}${head(headings.open, 'right')}</tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table>
<table role="presentation" class="panel" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f5f6f8;border-radius:8px;border-collapse:separate;margin-top:10px"><tr><td style="padding:10px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
${section.unapplied === null ? '' : sum(headings.unapplied, section.unapplied, false)}
${section.overdue === null ? '' : sum(headings.overdueTotal, section.overdue, false)}
${sum(headings.total, section.total, true)}
</table></td></tr></table>
</td></tr>`;
}

function payOf(pay: { readonly heading: string; readonly lines: readonly string[] }): string {
  return `<tr><td class="pad" style="padding:12px 40px 0">
<p class="ink" style="margin:0 0 6px;font-family:${font};font-size:14px;line-height:20px;font-weight:600;color:#22262c">${esc(pay.heading)}</p>
<p class="soft" style="margin:0;font-family:${font};font-size:14px;line-height:21px;color:#454c57">${pay.lines.map(esc).join('<br>')}</p>
</td></tr>`;
}
