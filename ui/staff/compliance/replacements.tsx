import { Link } from '@tanstack/react-router';
import { addressOf } from '../../kit/api.ts';
import type { Output } from '../../kit/operations.ts';
import { useRead } from '../../kit/queries.ts';
import { Empty, Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { Confidence } from './confidence.tsx';
import { RuleChangeCard } from './rule-change-card.tsx';

type Replacement = Output<'listReplacements'>['rows'][number];

const kinds: Readonly<Record<Replacement['evidence']['mediaType'], string>> = {
  'application/pdf': 'PDF',
  'image/png': 'picture',
  'image/jpeg': 'picture',
  'text/plain': 'text',
};

/** Rules of doubtful text that counsel's reading took the place of, or is to: each takes two people and the file of counsel. */
export function Replacements() {
  const list = useRead('listReplacements', {});
  if (list.isPending) return <SkeletonLines rows={6} height={18} />;
  if (list.error !== null) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (list.data.rows.length === 0)
    return (
      <Empty
        title="No rule is replaced"
        action={
          <Link to="/compliance" search={{ view: 'rules', sure: 'open' }}>
            Rules that counsel can confirm
          </Link>
        }
      >
        Rules marked secondary or unverified can give way to what your counsel says, from a day on, with the written
        advice attached and a second person’s approval. Law that was read or is known cannot.
      </Empty>
    );
  return (
    <ul className="cards">
      {list.data.rows.map((row) => (
        <li key={row.id}>
          <RuleChangeCard row={row} kind="replacement">
            <p className="row wrap" style={{ gap: '4px 10px' }}>
              <Tag tone={row.mode === 'on' ? 'info' : 'plain'}>{row.mode === 'on' ? 'In force' : 'Off'}</Tag>
              <span className="soft">shipped as</span> <Confidence grade={row.confidence} />
              <a href={addressOf('getEvidence', { params: { evidenceId: row.evidence.id } })} download>
                {row.evidence.fileName}
              </a>
              <span className="muted" title={`SHA-256 ${row.evidence.sha256}`}>
                {kinds[row.evidence.mediaType]}, {Math.max(1, Math.round(row.evidence.size / 1024))} kB, digest{' '}
                <span className="mono">{row.evidence.sha256.slice(0, 12)}</span>
              </span>
            </p>
          </RuleChangeCard>
        </li>
      ))}
    </ul>
  );
}
