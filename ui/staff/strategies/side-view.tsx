import { Button } from '@mantine/core';
import { useState } from 'react';
import { Day } from '../../kit/amount.tsx';
import type { Output } from '../../kit/operations.ts';
import { useRead } from '../../kit/queries.ts';
import { Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { panelProps, Tabs } from '../../kit/tabs.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { type Change, Changes } from './changes.tsx';
import type { Strategy } from './definition-draft.ts';
import type { Fault } from './entry-card.tsx';
import { takeovers } from './treatment-words.ts';

type Version = Strategy['versions'][number];
type Words = Output<'checkStrategy'>['words'];
const states = { in_effect: 'In effect', coming: 'To come', past: 'Past' } as const;

/** Beside the ladder: whether it can be published, the whole in plain words, what it changes, and the versions there were. */
export function SideView({
  strategy,
  words,
  general,
  faults,
  checking,
  known,
  changes,
  comparedWith,
  disabled,
  restore,
}: {
  readonly strategy: Strategy;
  readonly words: Words | null;
  /** Faults that stand at no step. */
  readonly general: readonly Fault[];
  readonly faults: readonly Fault[];
  readonly checking: boolean;
  readonly known: boolean;
  readonly changes: readonly Change[] | null;
  readonly comparedWith: number | null;
  readonly disabled: boolean;
  readonly restore: (version: Version) => void;
}) {
  const [tab, setTab] = useState('words');
  const tabs = [
    { key: 'words', label: 'In words' },
    { key: 'changes', label: 'Changes', ...(changes !== null && { count: changes.length }) },
    { key: 'versions', label: 'Versions', count: strategy.versions.length },
  ];
  return (
    <aside className="designer-side" aria-label="What it says">
      <Verdict faults={faults} known={known} checking={checking} />
      {general.length > 0 && (
        <ul className="entry-faults" aria-label="What stands against the whole">
          {general.map((fault) => (
            <li key={fault.path + fault.sentence} data-effect={fault.effect}>
              {fault.sentence} <span className="soft">{fault.remedy}</span>
            </li>
          ))}
        </ul>
      )}
      <Tabs label="What it says" tabs={tabs} chosen={tab} choose={setTab} />
      <div {...panelProps(tab)} className="designer-panel" aria-busy={checking}>
        {tab === 'words' && <InWords words={words} whole={!faults.some(({ effect }) => effect === 'refuse')} />}
        {tab === 'changes' && <Changed changes={changes} comparedWith={comparedWith} />}
        {tab === 'versions' && <Versions strategy={strategy} disabled={disabled} restore={restore} />}
      </div>
    </aside>
  );
}

function Verdict({
  faults,
  known,
  checking,
}: {
  readonly faults: readonly Fault[];
  readonly known: boolean;
  readonly checking: boolean;
}) {
  const refused = faults.filter(({ effect }) => effect === 'refuse').length;
  const advice = faults.length - refused;
  const also = advice === 0 ? '' : ` ${advice === 1 ? 'One piece' : `${advice} pieces`} of advice.`;
  return (
    <p className="designer-verdict" data-tone={refused > 0 ? 'bad' : 'good'} role="status" aria-busy={checking}>
      {!known
        ? 'Looking it through…'
        : refused > 0
          ? `${refused === 1 ? 'One thing' : `${refused} things`} to mend before it can be published.${also}`
          : `Nothing stands against it.${also}`}
    </p>
  );
}

function InWords({ words, whole }: { readonly words: Words | null; readonly whole: boolean }) {
  if (words === null) return <SkeletonLines rows={7} />;
  return (
    <div className="stack in-words">
      <p className="strong">{words.summary}</p>
      {!whole && <p className="muted">As far as it can be read; mend what is marked.</p>}
      <ol aria-label="Steps in words">
        {words.steps.map((step) => (
          <li key={step.key}>{step.sentence}</li>
        ))}
      </ol>
      {words.reactions.length > 0 && (
        <ul aria-label="Reactions in words">
          {words.reactions.map((one) => (
            <li key={one.key}>{one.sentence}</li>
          ))}
        </ul>
      )}
      <p className="soft">
        {words.stages} {words.assigned}
      </p>
    </div>
  );
}

function Changed({
  changes,
  comparedWith,
}: {
  readonly changes: readonly Change[] | null;
  readonly comparedWith: number | null;
}) {
  if (comparedWith === null)
    return <p className="soft">There is no version to compare with: this will be the first.</p>;
  if (changes === null) return <p className="soft">What it changes is said once all of it can be read.</p>;
  if (changes.length === 0) return <p className="soft">It says the same as version {comparedWith}.</p>;
  return (
    <div className="stack">
      <p className="soft">Against version {comparedWith}:</p>
      <Changes changes={changes} label={`Changes against version ${comparedWith}`} />
    </div>
  );
}

function Versions({
  strategy,
  disabled,
  restore,
}: {
  readonly strategy: Strategy;
  readonly disabled: boolean;
  readonly restore: (version: Version) => void;
}) {
  const format = useFormat();
  const [open, setOpen] = useState<number | null>(null);
  if (strategy.versions.length === 0)
    return <p className="soft">None yet. A version is made by publishing, and never changes afterwards.</p>;
  return (
    <ol className="versions" aria-label="Versions">
      {strategy.versions.map((version, at) => {
        const before = strategy.versions[at + 1];
        return (
          <li key={version.id}>
            <div className="row wrap">
              <span className="strong">Version {version.version}</span>
              <Tag tone={version.state === 'in_effect' ? 'good' : version.state === 'coming' ? 'info' : 'plain'}>
                {states[version.state]}
              </Tag>
              <span className="soft">
                from <Day date={version.effectiveFrom} />
              </span>
              <span className="soft num">
                {format.count(version.followers)} {version.followers === 1 ? 'account' : 'accounts'}
              </span>
            </div>
            <p className="muted">
              {version.publishedBy}, <Day date={format.dateOf(version.publishedAt)} />. Accounts come over:{' '}
              {takeovers.find(({ value }) => value === version.takesOver)?.label.toLowerCase()}.
            </p>
            <div className="row wrap">
              {before !== undefined && (
                <button
                  type="button"
                  className="chip"
                  aria-expanded={open === version.version}
                  onClick={() => setOpen(open === version.version ? null : version.version)}
                >
                  What it changed
                </button>
              )}
              {!disabled && (
                <Button size="compact-xs" variant="subtle" onClick={() => restore(version)}>
                  Write on from this
                </Button>
              )}
            </div>
            {open === version.version && before !== undefined && (
              <Compared strategyId={strategy.id} from={before.version} to={version.version} />
            )}
          </li>
        );
      })}
    </ol>
  );
}

function Compared({
  strategyId,
  from,
  to,
}: {
  readonly strategyId: string;
  readonly from: number;
  readonly to: number;
}) {
  const compared = useRead('compareVersions', { params: { strategyId }, query: { from, to } });
  if (compared.error !== null) return <Problem error={compared.error} retry={() => void compared.refetch()} />;
  if (compared.data === undefined) return <SkeletonLines rows={2} />;
  return <Changes changes={compared.data.changes} label={`What version ${to} changed`} />;
}
