/** Why one rule says no at one instant. `defer` ends by itself at `notBefore`: the first instant this rule alone is open. */
export type Block = {
  readonly effect: 'deny' | 'defer';
  readonly sentence: string;
  readonly notBefore: Date | null;
  /** Set when the rule stops one account of the proposal and not the person. */
  readonly accountId: string | null;
};

export function deny(sentence: string, accountId: string | null = null): Block {
  return { effect: 'deny', sentence, notBefore: null, accountId };
}

export function defer(notBefore: Date, sentence: string, accountId: string | null = null): Block {
  return { effect: 'defer', sentence, notBefore, accountId };
}
