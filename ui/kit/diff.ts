export type DiffPart = { readonly kind: 'same' | 'added' | 'removed'; readonly text: string };

// Two texts of a template's greatest length by words would be 16 million comparisons; by lines it is always little.
const mostComparisons = 2_000_000;

/** What changed from one text to another, word by word; line by line where the texts are long. */
export function diffOf(before: string, after: string): DiffPart[] {
  const words = (text: string) => text.split(/(\s+)/).filter((part) => part !== '');
  const lines = (text: string) => text.split(/(?<=\n)/).filter((part) => part !== '');
  const [a, b] =
    words(before).length * words(after).length > mostComparisons
      ? [lines(before), lines(after)]
      : [words(before), words(after)];
  return joined(walk(a, b, lengths(a, b)));
}

/** Lengths of the longest common subsequence of each pair of tails. */
function lengths(a: readonly string[], b: readonly string[]): Uint32Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      cell(table, i)[j] =
        a[i] === b[j]
          ? (cell(table, i + 1)[j + 1] ?? 0) + 1
          : Math.max(cell(table, i + 1)[j] ?? 0, cell(table, i)[j + 1] ?? 0);
  return table;
}

const cell = (table: readonly Uint32Array[], row: number): Uint32Array => table[row] ?? new Uint32Array();

function walk(a: readonly string[], b: readonly string[], table: readonly Uint32Array[]): DiffPart[] {
  const parts: DiffPart[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [old, now] = [a[i], b[j]];
    if (old !== undefined && old === now) {
      parts.push({ kind: 'same', text: old });
      i += 1;
      j += 1;
    } else if (
      old !== undefined &&
      (now === undefined || (cell(table, i + 1)[j] ?? 0) >= (cell(table, i)[j + 1] ?? 0))
    ) {
      parts.push({ kind: 'removed', text: old });
      i += 1;
    } else {
      parts.push({ kind: 'added', text: now ?? '' });
      j += 1;
    }
  }
  return parts;
}

const joined = (parts: readonly DiffPart[]): DiffPart[] =>
  parts.reduce<DiffPart[]>((all, part) => {
    const last = all.at(-1);
    if (last?.kind === part.kind) all[all.length - 1] = { kind: part.kind, text: last.text + part.text };
    else all.push(part);
    return all;
  }, []);
