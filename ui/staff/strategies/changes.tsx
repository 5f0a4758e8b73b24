import type { Output } from '../../kit/operations.ts';

export type Change = Output<'compareVersions'>['changes'][number];

const marks = { added: '+', removed: '−', changed: '~' } as const;
const names = { added: 'Added', removed: 'Removed', changed: 'Changed' } as const;

/** What is different, a sentence each. */
export function Changes({ changes, label }: { readonly changes: readonly Change[]; readonly label: string }) {
  return (
    <ul className="changes" aria-label={label}>
      {changes.map((change) => (
        <li key={change.kind + change.sentence} data-kind={change.kind}>
          <span className="changes-mark" aria-hidden="true">
            {marks[change.kind]}
          </span>
          <span>
            <span className="visually-hidden">{names[change.kind]}: </span>
            {change.sentence}
          </span>
        </li>
      ))}
    </ul>
  );
}
