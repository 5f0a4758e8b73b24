import { Button, Select } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Day } from '../../kit/amount.tsx';
import { groupBy } from '../../kit/group-by.ts';
import type { Output } from '../../kit/operations.ts';
import { Section } from '../../kit/page.tsx';
import { useRead } from '../../kit/queries.ts';
import { SearchBox } from '../../kit/search-box.tsx';
import { Empty, Problem, SkeletonLines, Tag, type Tone } from '../../kit/states.tsx';
import { words } from '../../kit/words.ts';
import { useMay } from '../shell/session.tsx';
import { Confidence, ConfidenceLegend } from './confidence.tsx';
import { ReplaceForm } from './replace-form.tsx';
import { TightenForm } from './tighten-form.tsx';

export type Rule = Output<'listRules'>['packs'][number]['rules'][number];
const route = getRouteApi('/staff/compliance');

const statuses: Readonly<Record<Rule['status'], { readonly word: string; readonly tone: Tone }>> = {
  in_force: { word: 'In force', tone: 'good' },
  future: { word: 'To come', tone: 'info' },
  ended: { word: 'Ended', tone: 'plain' },
  off: { word: 'Off', tone: 'plain' },
};
const kinds: Readonly<Record<string, string>> = {
  hours: 'Hours',
  cap: 'How often',
  cool_down: 'Silence after',
  stop: 'Stop',
  prerequisite: 'Needed first',
  condition: 'Condition',
  own_state: 'State of our books',
  clock: 'Deadline',
  computation: 'Figures of the law',
};

const grades: Readonly<Record<string, readonly string[]>> = {
  law: ['V', 'R'],
  open: ['S', 'U'],
  counsel: ['counsel'],
  house: ['policy'],
};

const nameOf = (rule: Rule) => (rule.part === null ? rule.id : `${rule.id}/${rule.part}`);

/** Every rule the gate goes by, in plain words. */
export function RuleBrowser() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const rules = useRead('listRules', {}, { staleTime: 60_000 });
  const [tightening, setTightening] = useState<Rule | null>(null);
  const [replacing, setReplacing] = useState<Rule | null>(null);
  const change = { tighten: setTightening, replace: setReplacing };
  const set = (part: Record<string, string | undefined>) =>
    void navigate({ search: { ...search, ...part }, replace: true, resetScroll: false });
  if (rules.isPending) return <SkeletonLines rows={9} height={18} />;
  if (rules.error !== null) return <Problem error={rules.error} retry={() => void rules.refetch()} />;
  const all = rules.data.packs.flatMap((pack) => pack.rules);
  const wanted = (search.q ?? '').toLowerCase();
  const matches = (rule: Rule) =>
    (search.where === undefined || rule.jurisdiction === search.where) &&
    (search.channel === undefined || rule.channels.includes(search.channel)) &&
    (search.kind === undefined || rule.kind === search.kind) &&
    (search.sure === undefined || grades[search.sure]?.includes(rule.confidence) === true) &&
    (wanted === '' ||
      [nameOf(rule), rule.title, rule.sentence, rule.citation].some((text) => text.toLowerCase().includes(wanted)));
  const packs = rules.data.packs
    .map((pack) => ({ ...pack, shown: pack.rules.filter(matches) }))
    .filter((pack) => pack.shown.length > 0);
  const options = (values: readonly string[], label: (value: string) => string = words) =>
    [...new Set(values)].sort().map((value) => ({ value, label: label(value) }));
  const pick = (name: string, label: string, data: { value: string; label: string }[]) => (
    <Select
      size="xs"
      label={label}
      placeholder="All"
      clearable
      searchable={data.length > 10}
      data={data}
      value={search[name] ?? null}
      onChange={(value) => set({ [name]: value ?? undefined })}
    />
  );
  return (
    <>
      <div className="filters rule-filters">
        <SearchBox
          value={search.q ?? ''}
          label="Rule, words, citation"
          change={(q) => set({ q: q === '' ? undefined : q })}
        />
        {pick(
          'where',
          'Law of',
          options(
            all.map((rule) => rule.jurisdiction),
            (code) => (code === '*' ? 'Everywhere' : code),
          ),
        )}
        {pick('channel', 'Channel', options(all.flatMap((rule) => rule.channels)))}
        {pick(
          'kind',
          'Kind',
          options(
            all.map((rule) => rule.kind),
            (kind) => kinds[kind] ?? words(kind),
          ),
        )}
        <Select
          size="xs"
          label="How sure"
          placeholder="All"
          clearable
          data={[
            { value: 'law', label: 'Law that was read or is known' },
            { value: 'open', label: 'Secondary or unverified' },
            { value: 'counsel', label: 'By your counsel' },
            { value: 'house', label: 'Limits of the house' },
          ]}
          value={search.sure ?? null}
          onChange={(value) => set({ sure: value ?? undefined })}
        />
      </div>
      <ConfidenceLegend />
      {packs.length === 0 && (
        <Empty
          title="No rule matches"
          action={
            <Button variant="light" onClick={() => void navigate({ search: { view: 'rules' } })}>
              Clear the filters
            </Button>
          }
        >
          Search for a word of its sentence, or for its citation.
        </Empty>
      )}
      {packs.map((pack) => (
        <Section
          key={pack.id}
          title={pack.title}
          aside={`${pack.shown.length} of ${pack.rules.length} rules, version ${pack.version}`}
        >
          <ul className="rules">
            {[...groupBy(pack.shown, nameOf)].map(([name, texts]) => (
              <li key={name}>
                {texts.length === 1 && texts[0] !== undefined ? (
                  <RuleText rule={texts[0]} change={change} />
                ) : (
                  <div className="rule-texts" role="group" aria-label={`Texts of ${name} by date`}>
                    {texts
                      .slice()
                      .sort((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom))
                      .map((rule) => (
                        <RuleText key={rule.effectiveFrom} rule={rule} change={change} />
                      ))}
                  </div>
                )}
              </li>
            ))}
          </ul>
        </Section>
      ))}
      {tightening !== null && <TightenForm rule={tightening} close={() => setTightening(null)} />}
      {replacing !== null && <ReplaceForm rule={replacing} close={() => setReplacing(null)} />}
    </>
  );
}

const listed = (codes: readonly string[]) => codes.map((code) => words(code).toLowerCase()).join(', ');

type Change = { readonly tighten: (rule: Rule) => void; readonly replace: (rule: Rule) => void };

function RuleText({ rule, change }: { readonly rule: Rule; readonly change: Change }) {
  const may = useMay();
  const status = statuses[rule.status];
  return (
    <article className="rule" data-off={rule.status === 'off' || rule.status === 'ended'}>
      <div className="row wrap rule-head">
        <h3>{rule.title}</h3>
        <Tag tone={status.tone}>{status.word}</Tag>
        <Confidence grade={rule.confidence} />
        {rule.rebuttable && <Tag title="A second person may approve an override">Can be overridden</Tag>}
        {rule.tightened && <Tag tone="accent">Tightened by you</Tag>}
        {rule.replacedBy !== null && (
          <Link to="/compliance" search={{ view: 'replacements' }}>
            {rule.confidence === 'counsel' ? 'Why it is replaced' : 'Replaced from its last day on'}
          </Link>
        )}
      </div>
      <p>{rule.sentence}</p>
      <ul className="soft rule-parameters">
        {rule.parameters.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className="muted">
        <span className="mono wrap-anywhere">{nameOf(rule)}</span> {rule.citation}
      </p>
      <details>
        <summary>Who, when, exceptions</summary>
        <dl className="facts">
          <dt>Law of</dt>
          <dd>{rule.jurisdiction === '*' ? 'Everywhere' : rule.jurisdiction}</dd>
          <dt>Binds</dt>
          <dd>
            {listed(rule.collectors)}; {listed(rule.debtKinds)} debts
          </dd>
          <dt>Channels</dt>
          <dd>{listed(rule.channels)}</dd>
          {rule.acts.length > 0 && (
            <>
              <dt>Acts</dt>
              <dd>{listed(rule.acts)}</dd>
            </>
          )}
          {rule.requires.length > 0 && (
            <>
              <dt>Must carry</dt>
              <dd>{listed(rule.requires)}</dd>
            </>
          )}
          <dt>Exceptions</dt>
          <dd>{rule.exceptions.length === 0 ? 'none' : rule.exceptions.join('; ')}</dd>
          <dt>Kind</dt>
          <dd>{kinds[rule.kind] ?? words(rule.kind)}</dd>
          <dt>From</dt>
          <dd>
            <Day date={rule.effectiveFrom} />
            {rule.effectiveTo !== null && (
              <>
                {' '}
                until <Day date={rule.effectiveTo} />
              </>
            )}
          </dd>
        </dl>
      </details>
      {rule.status !== 'ended' && may('compliance.override') && (
        <div className="row wrap" style={{ marginTop: 8 }}>
          {rule.tighten.length > 0 && (
            <Button variant="default" size="xs" onClick={() => change.tighten(rule)}>
              Tighten…
            </Button>
          )}
          {rule.replaceable !== null && (
            <Button variant="default" size="xs" onClick={() => change.replace(rule)}>
              {rule.status === 'off' ? 'Turn on…' : 'Replace…'}
            </Button>
          )}
          {rule.nothingToTighten !== null && <span className="muted">{rule.nothingToTighten}</span>}
        </div>
      )}
    </article>
  );
}
