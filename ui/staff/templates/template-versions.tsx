import { Button } from '@mantine/core';
import { useState } from 'react';
import { Instant } from '../../kit/amount.tsx';
import { diffOf } from '../../kit/diff.ts';
import { useRead } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines } from '../../kit/states.tsx';
import type { Use, Version } from './template-words.ts';

type Text = Pick<Version, 'subject' | 'body'>;

/** Every version of a text, what changed from each to what stands in the editor, and the way back to it. */
export function Versions({
  use,
  current,
  take,
}: {
  readonly use: Use;
  readonly current: Text;
  readonly take: (version: Version) => void;
}) {
  const versions = useRead('listTemplateVersions', { query: use });
  const [open, setOpen] = useState<number | null>(null);
  if (versions.isPending) return <SkeletonLines rows={4} />;
  if (versions.error !== null) return <Problem error={versions.error} retry={() => void versions.refetch()} />;
  if (versions.data.rows.length === 0)
    return <Empty title="Nothing published yet">The first version you publish appears here.</Empty>;
  return (
    <ul className="cards" aria-label="Versions">
      {versions.data.rows.map((version) => (
        <li key={version.version}>
          <div className="card">
            <span className="row wrap">
              <b className="grow">
                {version.version === 0 ? 'The text that comes with the program' : `Version ${version.version}`}
              </b>
              <Button
                variant="subtle"
                size="compact-sm"
                aria-expanded={open === version.version}
                onClick={() => setOpen(open === version.version ? null : version.version)}
              >
                Compare
              </Button>
              <Button variant="default" size="compact-sm" onClick={() => take(version)}>
                Take this text
              </Button>
            </span>
            {version.publishedAt !== null && (
              <span className="muted">
                {version.publishedBy}, <Instant at={version.publishedAt} />
              </span>
            )}
            {open === version.version && <Difference before={version} after={current} />}
          </div>
        </li>
      ))}
    </ul>
  );
}

const whole = ({ subject, body }: Text): string => (subject === null ? body : `${subject}\n\n${body}`);

function Difference({ before, after }: { readonly before: Text; readonly after: Text }) {
  const parts = diffOf(whole(before), whole(after));
  if (parts.every((part) => part.kind === 'same')) return <p className="soft">It is what stands in the editor.</p>;
  return (
    <div className="diff" role="group" aria-label="From this version to the text in the editor">
      {parts.map((part, index) => {
        const key = `${index}${part.kind}`;
        if (part.kind === 'added') return <ins key={key}>{part.text}</ins>;
        if (part.kind === 'removed') return <del key={key}>{part.text}</del>;
        return <span key={key}>{part.text}</span>;
      })}
    </div>
  );
}
