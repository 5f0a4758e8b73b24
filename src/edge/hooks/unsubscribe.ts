import { parse } from 'node:querystring';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { readUnsubscribe, unsubscribe } from '../../flows/unsubscribe.ts';
import type { Installation } from '../../modules/identity/public.ts';

const MAX_FORM_BYTES = 4096;

/**
 * The link in every message. Opening it shows a page with one button and changes nothing, because mail scanners open links; sending
 * the form, or a mail program's one-click POST (RFC 8058), unsubscribes at once, without sign-in.
 */
export function registerUnsubscribe(app: FastifyInstance, installation: Installation): void {
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
      (_request, body, done) => done(null, parse(String(body))),
    );
    scope.route<{ Params: { token: string } }>({
      method: 'GET',
      url: '/u/:token',
      schema: { hide: true },
      handler: async (request, reply) => {
        const about = await readUnsubscribe(installation, request.params.token);
        if (!about.ok) return page(reply, 404, 'This link does not work', `<p>${escaped(about.detail)}</p>`);
        const { recipient, clientName } = about.value;
        return page(
          reply,
          200,
          'Stop these e-mails?',
          `<p>No more e-mail from <b>${escaped(clientName)}</b> will go to <b>${escaped(recipient)}</b>. What is owed stays owed.</p>
          <form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button type="submit">Stop the e-mails</button></form>`,
        );
      },
    });
    scope.route<{ Params: { token: string } }>({
      method: 'POST',
      url: '/u/:token',
      schema: { hide: true },
      handler: async (request, reply) => {
        const done = await unsubscribe(installation, request.params.token);
        if (!done.ok) return page(reply, 404, 'This link does not work', `<p>${escaped(done.detail)}</p>`);
        const { recipient, clientName, already } = done.value;
        return page(
          reply,
          200,
          already ? 'Already stopped' : 'Stopped',
          `<p><b>${escaped(clientName)}</b> sends no more e-mail to <b>${escaped(recipient)}</b>. You can still reply to any earlier message.</p>`,
        );
      },
    });
  });
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;min-height:100vh;place-items:center;background:#f6f5f1;color:#1c2321}
main{max-width:26rem;padding:2rem;margin:1rem;background:#fff;border:1px solid #dddad2;border-radius:8px}h1{font-size:1.25rem;margin:0 0 .5rem}
button{font:inherit;padding:.6rem 1rem;border:0;border-radius:6px;background:#0f5c55;color:#fff;cursor:pointer}button:focus-visible{outline:3px solid #7fb8b1}
@media (prefers-color-scheme:dark){body{background:#141817;color:#e8e6e0}main{background:#1c2220;border-color:#333b38}button{background:#3fa297;color:#06211e}}`;

function page(reply: FastifyReply, status: number, title: string, body: string): FastifyReply {
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-robots-tag', 'noindex')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${STYLE}</style><main><h1>${title}</h1>${body}</main></html>`,
    );
}
