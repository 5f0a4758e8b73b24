import type { Output } from '../../kit/operations.ts';

type Warning = Output<'logCall'>['warnings'][number];

/** What was done, and what of the words written down may not be said to anybody. */
export function withWarnings(sentence: string, warnings: readonly Warning[]): string {
  const told = [...new Map(warnings.map((one) => [one.ruleId, one])).values()].map((one) =>
    one.excerpt === null ? one.sentence : `“${one.excerpt}”: ${one.sentence}`,
  );
  return told.length === 0 ? sentence : `${sentence} Mind your words: ${told.join(' ')}`;
}
