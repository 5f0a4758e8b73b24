import { parse, type ParsedUrlQuery } from 'node:querystring';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  openReplyForm,
  readNoticeDocument,
  type ReplyForm,
  type SentReply,
  sendReplyForm,
} from '../../flows/notice-reply.ts';
import { type DisputeReason, disputeReasons } from '../../modules/compliance/public.ts';
import type { Installation } from '../../modules/identity/public.ts';
import { dateIn, noticeWording, replyWording } from '../../modules/outreach/public.ts';

const MAX_FORM_BYTES = 24 * 1024;
const MAX_EXPLANATION = 4000;

type Language = 'en' | 'es';
type Asked = { Params: { token: string }; Querystring: { lang?: string }; Body: ParsedUrlQuery | null };

/** What somebody ticked and wrote, as the form carries it. */
type Said = {
  readonly reasons: readonly DisputeReason[];
  readonly originalCreditor: boolean;
  readonly spanish: boolean;
  readonly explanation: string;
};
const nothingSaid: Said = { reasons: [], originalCreditor: false, spanish: false, explanation: '' };

/**
 * The reply form every validation notice leads to: one page without script or sign-in. Opening it changes nothing but that the visit is told; sending it takes effect at
 * once. Also the notice itself, as it went out, so that it can be read again later (12 CFR 1006.42(a)).
 */
export function registerNoticeReply(app: FastifyInstance, installation: Installation): void {
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
      (_request, body, done) => done(null, parse(String(body))),
    );
    scope.route<Asked>({
      method: 'GET',
      url: '/n/:token',
      schema: { hide: true },
      config: { rateLimit: { max: 60, timeWindow: '1 minute' } },
      handler: async (request, reply) => {
        const form = await openReplyForm(installation, request.params.token);
        if (!form.ok) return broken(reply, form.code, languageOf(request, null));
        return formPage(reply, 200, form.value, languageOf(request, form.value), nothingSaid, null);
      },
    });
    scope.route<Asked>({
      method: 'POST',
      url: '/n/:token',
      schema: { hide: true },
      config: { rateLimit: { max: 20, timeWindow: '1 minute' } },
      handler: (request, reply) => receive(installation, request, reply),
    });
    for (const [path, format, type] of [
      ['/n/:token/notice', 'html', 'text/html; charset=utf-8'],
      ['/n/:token/notice.pdf', 'pdf', 'application/pdf'],
    ] as const) {
      scope.route<Asked>({
        method: 'GET',
        url: path,
        schema: { hide: true },
        config: { rateLimit: { max: 60, timeWindow: '1 minute' } },
        handler: async (request, reply) => {
          const bytes = await readNoticeDocument(installation, request.params.token, format);
          if (!bytes.ok) return broken(reply, bytes.code, languageOf(request, null));
          return privately(reply).type(type).send(bytes.value);
        },
      });
    }
  });
}

async function receive(
  installation: Installation,
  request: FastifyRequest<Asked>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { token } = request.params;
  const form = await openReplyForm(installation, token);
  if (!form.ok) return broken(reply, form.code, languageOf(request, null));
  const language = languageOf(request, form.value);
  const words = replyWording(language);
  const said = readSaid(request.body);
  if (!fromOwnPage(request)) return formPage(reply, 403, form.value, language, said, words.expired);
  if (said.explanation.length > MAX_EXPLANATION) return formPage(reply, 422, form.value, language, said, words.tooLong);
  const sent = await sendReplyForm(installation, token, fieldOf(request.body, 'ticket'), said);
  if (sent.ok) return thanksPage(reply, token, sent.value, language);
  switch (sent.code) {
    case 'empty_reply':
      return formPage(reply, 422, form.value, language, said, words.nothing);
    case 'stale_form':
      return formPage(reply, 422, form.value, language, said, words.expired);
    default:
      return broken(reply, sent.code, language);
  }
}

/**
 * A page of another site cannot have the ticket; browsers say besides where a form was sent from. `Origin` is no help here: under our
 * referrer policy they send `null` for our own pages too.
 */
const fromOwnPage = (request: FastifyRequest): boolean =>
  ['same-origin', 'none', undefined].includes(request.headers['sec-fetch-site'] as string | undefined);

function fieldOf(body: ParsedUrlQuery | null, name: string): string {
  const value = body?.[name];
  return typeof value === 'string' ? value : '';
}

function readSaid(body: ParsedUrlQuery | null): Said {
  const ticked = (name: string) => fieldOf(body, name) === 'yes';
  return {
    reasons: disputeReasons.filter(ticked),
    originalCreditor: ticked('original_creditor'),
    spanish: ticked('spanish'),
    // PostgreSQL keeps no zero characters, and nobody types them.
    explanation: fieldOf(body, 'explanation').replaceAll('\0', '').replaceAll('\r\n', '\n').trim(),
  };
}

function languageOf(request: FastifyRequest<Asked>, form: ReplyForm | null): Language {
  const { lang } = request.query;
  return lang === 'es' || lang === 'en' ? lang : (form?.notice.language ?? 'en');
}

const esc = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

function formPage(
  reply: FastifyReply,
  status: number,
  { notice, stillInPeriod, ticket }: ReplyForm,
  language: Language,
  said: Said,
  fault: string | null,
): FastifyReply {
  const [words, form] = [replyWording(language), noticeWording(language)];
  const { information } = notice;
  const end = dateIn(language, notice.periodEndsOn ?? '');
  const box = (name: string, label: string, checked: boolean, lang?: Language) =>
    `<label class="box"${lang && lang !== language ? ` lang="${lang}"` : ''}><input type="checkbox" name="${name}" value="yes"${checked ? ' checked' : ''}><span>${esc(label)}</span></label>`;
  const because = { not_mine: form.because.notMine, wrong_amount: form.because.wrongAmount, other: form.otherOnline };
  return page(
    reply,
    status,
    language,
    words.title,
    `<nav><a href="?lang=${language === 'es' ? 'en' : 'es'}" lang="${language === 'es' ? 'en' : 'es'}">${words.otherLanguage}</a></nav>
<h1>${esc(words.title)}</h1>
<p>${esc(words.about({ collector: information.collector.name, creditor: information.currentCreditor, ending: information.accountEnding }))}<br>${esc(words.reference(information.reference))}</p>
<p class="period">${esc(stillInPeriod ? words.inTime(end) : words.over(end))}</p>
${fault === null ? '' : `<p class="fault" role="alert">${esc(fault)}</p>`}
<form method="post" action="?lang=${language}">
<input type="hidden" name="ticket" value="${ticket}">
<h2>${esc(form.respond)}</h2>
<fieldset><legend>${esc(form.dispute)}</legend>
${disputeReasons.map((reason) => box(reason, because[reason], said.reasons.includes(reason))).join('\n')}
</fieldset>
<div class="more">
${box('original_creditor', form.originalCreditor, said.originalCreditor)}
${information.offersSpanish && notice.language !== 'es' ? box('spanish', form.spanish, said.spanish, 'es') : ''}
</div>
<label class="text" for="explanation">${esc(words.explain)}</label>
<p class="hint" id="hint">${esc(words.explainHint)}</p>
<textarea id="explanation" name="explanation" rows="6" maxlength="${MAX_EXPLANATION}" aria-describedby="hint">${esc(said.explanation)}</textarea>
<p class="hint">${esc(words.counts)}</p>
<button type="submit">${esc(words.send)}</button>
</form>
${documentLinks(reply, words)}`,
  );
}

function thanksPage(
  reply: FastifyReply,
  token: string,
  { notice, reply: said, stops }: SentReply,
  language: Language,
): FastifyReply {
  const [words, form] = [replyWording(language), noticeWording(language)];
  const because = { not_mine: form.because.notMine, wrong_amount: form.because.wrongAmount, other: form.otherOnline };
  const told = [
    ...said.reasons.map((reason) => `${form.dispute} ${because[reason]}`),
    ...(said.originalCreditor ? [form.originalCreditor] : []),
    ...(said.spanish ? [form.spanish] : []),
    ...(said.explanation === null ? [] : [said.explanation]),
  ];
  return page(
    reply,
    200,
    language,
    words.received,
    `<h1>${esc(words.received)}</h1>
<p>${esc(words.receivedAt(dateIn(language, said.receivedOn)))}</p>
<ul>${told.map((line) => `<li>${esc(line).replaceAll('\n', '<br>')}</li>`).join('')}</ul>
<p class="period">${esc(stops ? words.weStop : words.weLook)}</p>
<p>${esc(notice.information.collector.name)}<br>${esc(words.reference(notice.information.reference))}</p>
<p>${esc(words.keep)}</p>
<p><a href="/n/${esc(token)}?lang=${language}">${esc(words.title)}</a></p>`,
  );
}

const documentLinks = (reply: FastifyReply, words: ReturnType<typeof replyWording>): string => {
  const { token } = reply.request.params as { token: string };
  return `<p class="links"><a href="/n/${esc(token)}/notice">${esc(words.readAgain)}</a><a href="/n/${esc(token)}/notice.pdf">${esc(words.pdf)}</a></p>`;
};

function broken(reply: FastifyReply, code: 'bad_token' | 'not_sent' | 'stale_form', language: Language): FastifyReply {
  const words = replyWording(language);
  const sentence =
    code === 'not_sent'
      ? words.notSent
      : language === 'es'
        ? 'Esta dirección no está completa. Escríbala otra vez como aparece en la carta, escanee el código o escríbanos.'
        : 'This address is not complete. Type it again as it stands on the letter, scan the code, or write to us.';
  return page(reply, 404, language, words.broken, `<h1>${esc(words.broken)}</h1><p>${esc(sentence)}</p>`);
}

const privately = (reply: FastifyReply): FastifyReply =>
  reply.header('cache-control', 'no-store').header('x-robots-tag', 'noindex');

const STYLE = `*{box-sizing:border-box}body{font:17px/1.55 Georgia,'Times New Roman',serif;margin:0;background:#eef0f2;color:#111}
main{max-width:42rem;margin:1.5rem auto;padding:2rem 2.4rem 2.4rem;background:#fff;border:1px solid #c9ced4}
nav{text-align:right;font-size:.95rem}h1{font-size:1.45rem;line-height:1.3;margin:.2rem 0 1rem}h2{font-size:1.15rem;margin:1.6rem 0 .6rem}
p{margin:0 0 .9rem}.period{border-left:4px solid #0b3d91;padding:.1rem 0 .1rem .9rem}
fieldset{border:1px solid #8a929b;padding:.4rem 1rem .7rem;margin:0 0 .6rem}legend{font-weight:700;padding:0 .4rem;margin-left:-.4rem}
.box{display:flex;gap:.8rem;align-items:flex-start;padding:.5rem 0;min-height:2.75rem}.box input{flex:none;width:1.4rem;height:1.4rem;margin:.1rem 0 0;accent-color:#0b3d91}
.more{padding:0 1rem}.text{display:block;font-weight:700;margin-top:1.1rem}.hint{font-size:.95rem;color:#3d444b;margin:0 0 .5rem}
textarea{width:100%;font:inherit;padding:.6rem;border:1px solid #6b737b;margin-bottom:.5rem}
button{font:inherit;font-weight:700;padding:.75rem 1.5rem;border:0;background:#0b3d91;color:#fff;cursor:pointer;margin-top:.4rem}
.fault{border:2px solid #9b1c1c;color:#7a1212;padding:.6rem .9rem;font-weight:700}
.links{display:flex;flex-wrap:wrap;gap:.4rem 1.6rem;margin-top:1.6rem;padding-top:1rem;border-top:1px solid #c9ced4}
a{color:#0b3d91}a,button,input,textarea{outline-offset:2px}:focus-visible{outline:3px solid #b35c00}
@media (max-width:42rem){main{margin:0;border:0;padding:1.1rem 1rem 2rem}button{width:100%}}
@media print{body{background:#fff}main{border:0;margin:0}nav,.links{display:none}}`;

function page(reply: FastifyReply, status: number, language: Language, title: string, body: string): FastifyReply {
  return privately(reply)
    .code(status)
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${esc(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`,
    );
}
