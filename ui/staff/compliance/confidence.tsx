import { Tag, type Tone } from '../../kit/states.tsx';

const grades: Readonly<Record<string, { readonly tone: Tone; readonly word: string; readonly meaning: string }>> = {
  V: { tone: 'good', word: 'Verified', meaning: 'Read in the text of the law or the regulator' },
  R: { tone: 'plain', word: 'Recalled', meaning: 'Known from the law, not read again for this version' },
  S: { tone: 'warn', word: 'Secondary', meaning: 'Taken from a secondary source: have counsel confirm it' },
  U: { tone: 'bad', word: 'Listed, off', meaning: 'Unverified: listed so that nobody forgets it; it binds nothing' },
  counsel: {
    tone: 'accent',
    word: 'By your counsel',
    meaning: 'Your counsel’s reading, approved by two people, with the advice on file',
  },
  policy: { tone: 'info', word: 'House limit', meaning: 'A limit of the house, stricter than the law' },
};

/** How sure the text of a rule is. */
export function Confidence({ grade }: { readonly grade: string }) {
  const known = grades[grade];
  return (
    <Tag tone={known?.tone ?? 'plain'} title={known?.meaning ?? ''}>
      {known?.word ?? grade}
    </Tag>
  );
}

export function ConfidenceLegend() {
  return (
    <dl className="legend-list" aria-label="How sure a rule is">
      {Object.entries(grades).map(([grade, { meaning }]) => (
        <div key={grade}>
          <dt>
            <Confidence grade={grade} />
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
