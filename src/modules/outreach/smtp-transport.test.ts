import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import type { Envelope } from './envelope.ts';
import { smtpTransport } from './smtp-transport.ts';

const envelope: Envelope = {
  messageId: '01900000-0000-7000-8000-000000000001',
  messageIdHeader: '<01900000-0000-7000-8000-000000000001@client.example>',
  fromName: 'Harbor & Söhne',
  fromAddress: 'ar@client.example',
  replyTo: 'reply@client.example',
  recipient: 'ap@debtor.example',
  subject: 'Reminder: EUR 12.50 überfällig',
  text: 'Hello\n.a line that begins with a dot\n',
  html: '<p>Hello</p>',
  automatic: true,
  unsubscribeUrl: 'https://dunwell.example/u/abc',
  date: new Date('2026-03-11T15:00:00Z'),
};

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function smtp(options: SMTPServerOptions): Promise<{ port: number; received: ParsedMail[] }> {
  const received: ParsedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      simpleParser(stream).then((mail) => {
        received.push(mail);
        done();
      }, done);
    },
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closing.push(() => server.close());
  return { port: (server.server.address() as AddressInfo).port, received };
}

/** A server that speaks line by line as told, for what no honest server does. */
async function rawServer(speak: (socket: Socket, line: string) => void): Promise<{ port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 odd\r\n');
    let pending = '';
    socket.on('data', (chunk) => {
      pending += chunk.toString();
      const lines = pending.split('\r\n');
      pending = lines.pop() ?? '';
      for (const line of lines) speak(socket, line);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return { port: (server.address() as AddressInfo).port };
}

const sendTo = (port: number) =>
  smtpTransport({ host: '127.0.0.1', port, security: 'none' }, { connectMs: 500, idleMs: 500 })(envelope);
const refusal = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });

test('a message arrives whole, with a stable Message-ID and one-click headers', async () => {
  const { port, received } = await smtp({});
  expect(await sendTo(port)).toMatchObject({ kind: 'sent' });
  const [mail] = received;
  expect(mail).toMatchObject({ messageId: envelope.messageIdHeader, subject: envelope.subject });
  expect(mail?.text).toContain('.a line that begins with a dot');
  expect(mail?.from?.value).toEqual([{ name: 'Harbor & Söhne', address: 'ar@client.example' }]);
  const raw = mail?.headerLines.map((line) => line.line) ?? [];
  expect(raw).toContain('List-Unsubscribe: <https://dunwell.example/u/abc>');
  expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  expect(raw).toContain('Auto-Submitted: auto-generated');
});

test.each([
  [
    'a temporary no to the recipient',
    { onRcptTo: (_a: unknown, _s: unknown, done: (e?: Error) => void) => done(refusal(451, 'later')) },
    { kind: 'failed', transient: true },
  ],
  [
    'a final no to the recipient',
    { onRcptTo: (_a: unknown, _s: unknown, done: (e?: Error) => void) => done(refusal(550, 'no such user')) },
    { kind: 'failed', transient: false, badMailbox: true },
  ],
  [
    'a final no to the sender, which says nothing of the mailbox,',
    { onMailFrom: (_a: unknown, _s: unknown, done: (e?: Error) => void) => done(refusal(550, 'sender not allowed')) },
    { kind: 'failed', transient: false, badMailbox: false },
  ],
  [
    'a final no of the house rules to the recipient, which says nothing of the mailbox,',
    {
      onRcptTo: (_a: unknown, _s: unknown, done: (e?: Error) => void) =>
        done(refusal(550, '5.7.1 your network is blocked')),
    },
    { kind: 'failed', transient: false, badMailbox: false },
  ],
  [
    'a final no to the content',
    {
      onData: (stream: NodeJS.ReadableStream, _s: unknown, done: (e?: Error) => void) =>
        void stream.resume().on('end', () => done(refusal(554, 'spam'))),
    },
    { kind: 'failed', transient: false, badMailbox: false },
  ],
  [
    'a temporary no to the content',
    {
      onData: (stream: NodeJS.ReadableStream, _s: unknown, done: (e?: Error) => void) =>
        void stream.resume().on('end', () => done(refusal(452, 'full'))),
    },
    { kind: 'failed', transient: true },
  ],
])('%s is a definite failure', async (_name, options, expected) => {
  const { port, received } = await smtp(options as SMTPServerOptions);
  expect(await sendTo(port)).toMatchObject(expected);
  expect(received).toHaveLength(0);
});

test('a connection refused is a definite failure worth another try', async () => {
  const { port } = await smtp({});
  for (const close of closing.splice(0)) close();
  expect(await sendTo(port)).toMatchObject({ kind: 'failed', transient: true });
});

const chat: Readonly<Record<string, string>> = { EHLO: '250 odd', MAIL: '250 ok', RCPT: '250 ok', DATA: '354 go on' };
const converse = (atEnd: (socket: Socket) => void) => (socket: Socket, line: string) => {
  const verb = line.slice(0, 4).toUpperCase();
  if (chat[verb] !== undefined) socket.write(`${chat[verb]}\r\n`);
  else if (line === '.') atEnd(socket);
};

test('an answer lost after the content is uncertain', async () => {
  const { port } = await rawServer(converse((socket) => socket.destroy()));
  expect(await sendTo(port)).toMatchObject({ kind: 'uncertain' });
});

test('a server that says nothing after the content is uncertain', async () => {
  const { port } = await rawServer(converse(() => {}));
  expect(await sendTo(port)).toMatchObject({ kind: 'uncertain' });
});

test('a connection lost before the content is a definite failure', async () => {
  const { port } = await rawServer((socket, line) => {
    if (line.startsWith('EHLO')) socket.write('250 odd\r\n');
    else socket.destroy();
  });
  expect(await sendTo(port)).toMatchObject({ kind: 'failed', transient: true });
});

test('a server that never greets is a definite failure', async () => {
  const server = createServer((socket) => void socket.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  expect(await sendTo((server.address() as AddressInfo).port)).toMatchObject({ kind: 'failed', transient: true });
});
