import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkContent } from './check-content.ts';
import { shippedContentPacks } from './shipped-content.ts';
import { at, email, voicemail } from './testing.ts';

describe('rubbish', () => {
  const size = 100_000;
  test.each([
    ['openings', '<'.repeat(size)],
    ['tags without end', '<a '.repeat(size / 3)],
    ['comments without end', '<!--'.repeat(size / 4)],
    ['styles without end', '<style>'.repeat(size / 7)],
    ['ampersands', '&'.repeat(size)],
    ['entities', '&#x61;'.repeat(size / 6)],
    ['single letters', 'a '.repeat(size / 2)],
    ['one word', 'a'.repeat(size)],
    ['digits', '1'.repeat(size)],
    ['digit groups', '123-45-'.repeat(size / 7)],
    ['telephone digits', '0 ( . '.repeat(size / 6)],
    ['money', '$1,'.repeat(size / 3)],
    ['beginnings of threats', 'you will be '.repeat(size / 12)],
    ['everything at once', 'report to credit within 24 you will attempt to collect information '.repeat(size / 66)],
    ['marks', 'a\u0301\u0301\u0301'.repeat(size / 4)],
    ['astral', '𝐚😀'.repeat(size / 4)],
    ['blanks', ' \t\n'.repeat(size / 3)],
  ])('of a hundred kilobytes (%s) is judged quickly', (_what, text) => {
    const begun = performance.now();
    checkContent(
      email('', {
        accountNumbers: ['AAAAAAAAAAAB', '111111111112'],
        parts: { subject: text.slice(0, 250), body: [text, `<p>${text}</p>`] },
      }),
      shippedContentPacks,
      at,
    );
    // Linear work takes a hundredth of this on an idle machine; what grows with the square takes minutes on any.
    expect(performance.now() - begun).toBeLessThan(30_000);
  });

  test('is never thrown at, and findings point into the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ maxLength: 60 }), (body, transcript) => {
        for (const one of [email(body), voicemail(transcript)]) {
          for (const { start, end } of checkContent(one, shippedContentPacks, at)) {
            if (start === null || end === null) continue;
            expect(start).toBeLessThan(end);
            expect(end).toBeLessThanOrEqual(Math.max(body.length, transcript.length));
          }
        }
      }),
    );
  });
});
