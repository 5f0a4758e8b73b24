import { expect, test } from 'vitest';
import { byteWatcher } from './byte-findings.ts';
import { detectEncoding, textDecoder } from './encoding.ts';

function watch(bytes: Buffer, chunk = 3) {
  const watcher = byteWatcher();
  for (let at = 0; at < bytes.length; at += chunk) watcher.see(bytes.subarray(at, at + chunk));
  return watcher.end();
}

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

test.each([
  ['UTF-8 with mark', Buffer.from('\ufeffname\nMüller'), 'utf-8', 'name\nMüller'],
  ['UTF-8', Buffer.from('name\nMüller 😀'), 'utf-8', 'name\nMüller 😀'],
  ['UTF-16 LE with mark', Buffer.from('\ufeffname\nMüller', 'utf16le'), 'utf-16le', 'name\nMüller'],
  ['UTF-16 BE with mark', utf16be('\ufeffname\nMüller'), 'utf-16be', 'name\nMüller'],
  ['UTF-16 LE without mark', Buffer.from('name,amount\nMüller,1', 'utf16le'), 'utf-16le', 'name,amount\nMüller,1'],
  ['windows-1252', Buffer.from([0x4d, 0xfc, 0x6c, 0x20, 0x80, 0x35]), 'windows-1252', 'Mül €5'],
  ['ISO 8859-1 with a control character', Buffer.from([0x4d, 0xfc, 0x81]), 'iso-8859-1', 'Mü\u0081'],
])('%s', (_, bytes, encoding, text) => {
  const found = detectEncoding(watch(bytes));
  expect(found.encoding).toBe(encoding);
  expect(found.reason.length).toBeGreaterThan(10);
  const decoder = textDecoder(found.encoding);
  let read = '';
  for (const byte of bytes) read += decoder.decode(Buffer.from([byte]));
  expect(read + decoder.end()).toBe(text);
});

test('finds the one wrong byte far into a file, and says where', () => {
  const bytes = Buffer.concat([Buffer.from('ä'.repeat(100_000)), Buffer.from([0xfc]), Buffer.from('tail')]);
  const found = watch(bytes, 4096);
  expect(found.notUtf8At).toBe(200_000);
  expect(found.size).toBe(bytes.length);
  expect(detectEncoding(found)).toEqual({
    encoding: 'windows-1252',
    reason: 'Byte 200,001 cannot be UTF-8; windows-1252 and ISO 8859-1 read this file alike.',
  });
});

test('an empty file is UTF-8', () => {
  expect(detectEncoding(watch(Buffer.alloc(0))).encoding).toBe('utf-8');
});
