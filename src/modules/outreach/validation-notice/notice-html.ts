import type { NoticeSheet } from './sheet.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const esc = (text: string) => text.replace(/[&<>"']/g, (mark) => escapes[mark] ?? mark);

const styles = `
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#eef0f2;color:#111;font:15px/1.5 Georgia,'Times New Roman',serif}
main{max-width:50rem;margin:1.5rem auto;padding:2.5rem 3rem;background:#fff;border:1px solid #c9ced4}
h1{font-size:1.05rem;margin:0}h2{font-size:1.1rem;margin:0 0 .6rem}h3{font-size:1rem;margin:1rem 0 .2rem}
p{margin:0 0 .7rem}ul{margin:0 0 1rem;padding-left:1.2rem}li{margin-bottom:.5rem}
.head,.body,.answer{display:grid;grid-template-columns:1fr 1fr;gap:1.5rem 2.2rem}
.answer{grid-template-columns:1.35fr 1fr}
address{font-style:normal}address b,.opening{font-weight:700}
.rule{border:0;border-top:1.5px solid #111;margin:1.1rem 0}
.tear{border:0;border-top:1.5px dashed #111;margin:1.6rem 0 1.1rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums lining-nums}
th,td{text-align:left;font-weight:400;padding:.3rem 0;vertical-align:top}td{text-align:right;white-space:nowrap;padding-left:1rem;vertical-align:bottom}
caption{text-align:left;padding-bottom:.6rem}
.since th{padding-top:.7rem}.item th{padding-left:1rem}
.total th,.total td{font-weight:700;border-top:1.5px solid #111;padding-top:.5rem}
.reverse{text-align:center;font-weight:700;margin:1.2rem 0 0}
.ticks{list-style:none;padding:0}.ticks ul{list-style:none;padding-left:1.6rem;margin:.4rem 0 0}
.ticks li{position:relative;padding-left:1.6rem}.ticks li::before{content:'';position:absolute;left:0;top:.3em;width:.8em;height:.8em;border:1.2px solid #111}
.online{display:grid;grid-template-columns:7.5rem 1fr;gap:1rem;align-items:center;margin-top:1rem}
.online svg{width:7.5rem;height:7.5rem;display:block}.online p{margin:0 0 .5rem}
.url{font:12px/1.4 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
a{color:#0b3d91}.button{display:inline-block;padding:.55rem 1rem;border:2px solid #0b3d91;border-radius:4px;font-weight:700;text-decoration:none}
a:focus-visible{outline:3px solid #0b3d91;outline-offset:2px}
.lines div{border-bottom:1px solid #777;height:2rem}
.optout{font-size:.9rem;border-top:1px solid #c9ced4;margin-top:1.5rem;padding-top:.8rem}
@media (max-width:40rem){main{margin:0;border:0;padding:1.4rem 1.1rem}.head,.body,.answer{grid-template-columns:1fr}.online{grid-template-columns:1fr}}
@page{size:letter;margin:.45in .6in}
@media print{body{background:#fff;font-size:8.6pt;line-height:1.28}h1,h2{font-size:10pt;margin-bottom:.25rem}p,ul{margin-bottom:.35rem}li{margin-bottom:.2rem}.rule,.tear{margin:.5rem 0}.lines div{height:1.6rem}main{max-width:none;margin:0;padding:0;border:0}.head,.body{grid-template-columns:1fr 1fr}.answer{grid-template-columns:1.35fr 1fr}.online{grid-template-columns:1in 1fr}.online svg{width:1in;height:1in}.button{display:none}.back{break-before:page}.reply{break-inside:avoid}.optout{display:none}}`;

const address = (name: string, lines: readonly string[], more: readonly string[] = []) =>
  `<b>${esc(name)}</b>${[...lines, ...more].map((line) => `<br>${esc(line)}`).join('')}`;

/** The notice as one page of HTML without script: readable at any width, printed as the form is. */
export function noticeHtml(sheet: NoticeSheet): string {
  const { debt, response, back } = sheet;
  const row = (kind: string, { label, amount }: { label: string; amount: string }) =>
    `<tr class="${kind}"><th scope="row">${esc(label)}</th><td>${esc(amount)}</td></tr>`;
  return `<!doctype html>
<html lang="${sheet.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>${esc(sheet.title)}</title>
<style>${styles}
</style>
</head>
<body>
<main>
<div class="head">
<div><h1>${esc(sheet.collector.name)}</h1><address>${[...sheet.collector.lines, ...sheet.collector.contact].map(esc).join('<br>')}</address></div>
<address>${esc(sheet.to)} ${address(sheet.consumer.name, sheet.consumer.lines, [sheet.reference])}</address>
</div>
<hr class="rule">
<p class="opening">${esc(sheet.opening)}</p>
<div class="body">
<section aria-labelledby="debt">
<h2 id="debt">${esc(debt.heading)}</h2>
<table>
<caption>${esc(debt.account)}</caption>
<tbody>
${row('owed', debt.owed)}
<tr class="since"><th scope="rowgroup" colspan="2">${esc(debt.since)}</th></tr>
${debt.rows.map((one) => row('item', one)).join('\n')}
${row('total', debt.total)}
</tbody>
</table>
</section>
<div>
${sheet.rights
  .map(
    (right, n) => `<section aria-labelledby="right-${n}">
<h2 id="right-${n}">${esc(right.heading)}</h2>
<ul>${right.points.map((point) => `<li${point.language === sheet.language ? '' : ` lang="${point.language}"`}>${esc(point.text)}</li>`).join('\n')}</ul>
</section>`,
  )
  .join('\n')}
</div>
</div>
${sheet.reverse === null ? '' : `<p class="reverse">${esc(sheet.reverse)}</p>`}
<section class="reply" aria-labelledby="respond">
<hr class="tear">
<h2 id="respond">${esc(response.heading)}</h2>
<p><b>${esc(response.check)}</b></p>
<div class="answer">
<ul class="ticks">
<li>${esc(response.dispute)}<ul>${response.because.map((one) => `<li>${esc(one)}</li>`).join('')}</ul></li>
<li>${esc(response.originalCreditor)}</li>
${response.payment === null ? '' : `<li>${esc(response.payment)}</li>`}
${response.spanish === null ? '' : `<li lang="es">${esc(response.spanish)}</li>`}
</ul>
<div>
<p>${esc(response.mailTo)}</p>
<address>${address(sheet.collector.name, sheet.collector.lines)}</address>
<p style="margin-top:.9rem">${esc(response.from)}</p>
<address>${address(sheet.consumer.name, sheet.consumer.lines, [sheet.reference])}</address>
</div>
</div>
${
  response.online === null
    ? ''
    : `<div class="online">
<div role="img" aria-label="${esc(response.online.alt)}">${response.online.qr}</div>
<div><p>${esc(response.online.text)}</p><p><a class="button" href="${esc(response.online.url)}">${esc(response.online.button)}</a></p>
<p class="url">${esc(response.online.url)}</p></div>
</div>`
}
</section>
<section class="back" aria-labelledby="back">
<hr class="rule">
<h2 id="back">${esc(back.describe)}</h2>
<div class="lines" aria-hidden="true">${'<div></div>'.repeat(6)}</div>
${
  back.disclosures.length === 0
    ? ''
    : `<h2 style="margin-top:1.6rem">${esc(back.heading)}</h2>
${back.disclosures.map((one) => `${one.heading === null ? '' : `<h3>${esc(one.heading)}</h3>`}<p>${esc(one.text)}</p>`).join('\n')}`
}
</section>
${sheet.optOut === null ? '' : `<p class="optout">${esc(sheet.optOut.text)} <a href="${esc(sheet.optOut.url)}">${esc(sheet.optOut.link)}</a></p>`}
</main>
</body>
</html>
`;
}

/** The notice as plain text, for mail programs that show no HTML and for whoever searches the outbox. */
export function noticeText(sheet: NoticeSheet): string {
  const { debt, response, back } = sheet;
  const block = (name: string, lines: readonly string[]) => [name, ...lines].join('\n');
  const owed = [debt.owed, ...debt.rows, debt.total].map(({ label, amount }) => `${label} ${amount}`);
  return [
    block(sheet.collector.name, [...sheet.collector.lines, ...sheet.collector.contact]),
    block(`${sheet.to} ${sheet.consumer.name}`, [...sheet.consumer.lines, sheet.reference]),
    sheet.opening,
    debt.heading,
    debt.account,
    [owed[0], debt.since, ...owed.slice(1)].join('\n'),
    ...sheet.rights.flatMap((right) => [right.heading, right.points.map((point) => `- ${point.text}`).join('\n')]),
    ...(sheet.reverse === null ? [] : [sheet.reverse]),
    '- '.repeat(30).trim(),
    response.heading,
    response.check,
    [
      `[ ] ${response.dispute}`,
      ...response.because.map((one) => `    [ ] ${one}`),
      `[ ] ${response.originalCreditor}`,
      ...(response.payment === null ? [] : [`[ ] ${response.payment}`]),
      ...(response.spanish === null ? [] : [`[ ] ${response.spanish}`]),
    ].join('\n'),
    ...(response.online === null ? [] : [`${response.online.text}\n${response.online.url}`]),
    block(response.mailTo, [sheet.collector.name, ...sheet.collector.lines]),
    block(response.from, [sheet.consumer.name, ...sheet.consumer.lines, sheet.reference]),
    ...back.disclosures.map((one) => [one.heading, one.text].filter((part) => part !== null).join('\n')),
    ...(sheet.optOut === null ? [] : [`${sheet.optOut.text}\n${sheet.optOut.url}`]),
  ].join('\n\n');
}
