import { Button, MultiSelect, Select, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { Findings, type Finding } from '../../kit/findings.tsx';
import { Section } from '../../kit/page.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { panelProps, Tabs } from '../../kit/tabs.tsx';
import { say } from '../../kit/toast.tsx';
import { HtmlBody } from '../outbox/message-view.tsx';
import { type Audience, collectorWords, type Draft, lawWords, type Use, type Version } from './template-words.ts';
import { Versions } from './template-versions.tsx';

/** A text as it is being written: judged and previewed a moment after each change, published as a version that never changes. */
export function TemplateEditor({
  use,
  row,
  audience,
}: {
  readonly use: Use;
  readonly row: Version | undefined;
  readonly audience: Audience;
}) {
  const framed = use.channel === 'email';
  const [subject, setSubject] = useState(row?.subject ?? '');
  const [body, setBody] = useState(row?.body ?? '');
  const [who, setWho] = useState<Audience>(row?.id ? row.audience : audience);
  const [tab, setTab] = useState('preview');
  const fields = { subject: useRef<HTMLInputElement>(null), body: useRef<HTMLTextAreaElement>(null) };
  const publish = useWrite('publishTemplate');
  const draft: Draft = { ...use, subject: framed ? subject : null, body, audience: who };
  const [settled] = useDebouncedValue(draft, 350);
  const ready = settled.body.trim() !== '' && (!framed || (settled.subject ?? '').trim() !== '');
  const check = useRead('checkTemplate', { body: settled }, { keep: true, enabled: ready });
  const settling = check.isFetching || JSON.stringify(settled) !== JSON.stringify(draft);
  const unchanged = row?.id != null && row.body === body && (row.subject ?? '') === subject;
  const show = (finding: Finding) => {
    const field = finding.part === 'subject' ? fields.subject.current : fields.body.current;
    field?.focus();
    field?.setSelectionRange(finding.start ?? 0, finding.end ?? 0);
  };
  const insert = (name: string) => {
    const field = fields.body.current;
    const [from, to] = [field?.selectionStart ?? body.length, field?.selectionEnd ?? body.length];
    setBody(`${body.slice(0, from)}{{ ${name} }}${body.slice(to)}`);
    field?.focus();
  };
  return (
    <>
      <form
        className="stack template-form"
        onSubmit={(event) => {
          event.preventDefault();
          publish.mutate(
            { body: { ...draft, basedOn: row?.id ? row.version : 0 } },
            { onSuccess: (made) => say(`Version ${made.version} is in force from now on.`) },
          );
        }}
      >
        {framed && (
          <TextInput
            ref={fields.subject}
            label="Subject"
            value={subject}
            maxLength={250}
            onChange={(event) => setSubject(event.currentTarget.value)}
            required
          />
        )}
        <Textarea
          ref={fields.body}
          label="Text"
          description={
            framed
              ? 'Stands between the greeting and the table of open items. A blank line begins a new paragraph.'
              : 'The whole text: nothing is added to it.'
          }
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
          autosize
          minRows={9}
          maxRows={22}
          maxLength={20_000}
          required
        />
        <div className="template-who">
          <Select
            label="You write"
            value={who.collectorType}
            allowDeselect={false}
            data={Object.entries(collectorWords).map(([value, label]) => ({ value, label }))}
            onChange={(value) =>
              setWho({ ...who, collectorType: (value ?? 'first_party') as Audience['collectorType'] })
            }
          />
          <MultiSelect
            label="Under the law of"
            value={[...who.jurisdictions]}
            data={[...new Set([...Object.keys(lawWords), ...who.jurisdictions])].map((value) => ({
              value,
              label: lawWords[value] ?? value,
            }))}
            onChange={(jurisdictions) => setWho({ ...who, jurisdictions })}
          />
        </div>
        {check.error !== null && <Problem error={check.error} retry={() => void check.refetch()} />}
        {!ready && <p className="soft">Write a {framed ? 'subject and a text' : 'text'}; it is judged as you type.</p>}
        {ready && check.isPending && <SkeletonLines rows={2} />}
        {ready && check.data !== undefined && (
          <Findings
            findings={check.data.findings}
            refusing="published"
            fine="Nothing stands against this text."
            show={show}
          />
        )}
        {publish.error !== null && <Problem error={publish.error} />}
        <div className="row">
          <Button
            type="submit"
            size="sm"
            loading={publish.isPending}
            disabled={!ready || settling || unchanged || check.data?.refused !== false}
          >
            Publish version {(row?.id ? row.version : 0) + 1}
          </Button>
          {unchanged && <span className="muted">This is the version in force.</span>}
        </div>
      </form>
      <div className="template-side">
        <Tabs
          label="Beside the text"
          chosen={tab}
          choose={setTab}
          tabs={[
            { key: 'preview', label: 'Preview' },
            { key: 'variables', label: 'Variables' },
            { key: 'versions', label: 'Versions' },
          ]}
        />
        <div {...panelProps(tab)} className="template-panel">
          {tab === 'preview' && <Preview check={check.data} framed={framed} />}
          {tab === 'variables' && (
            <Section title="What the text may use">
              <ul className="template-variables">
                {(check.data?.variables ?? []).map(({ name, example }) => (
                  <li key={name}>
                    <button type="button" className="chip" onClick={() => insert(name)}>
                      {`{{ ${name} }}`}
                    </button>
                    <span className="soft">{example === '' ? 'empty here' : example}</span>
                  </li>
                ))}
              </ul>
            </Section>
          )}
          {tab === 'versions' && (
            <Versions
              use={use}
              current={{ subject: framed ? subject : null, body }}
              take={(version) => {
                setSubject(version.subject ?? '');
                setBody(version.body);
                say(
                  version.version === 0
                    ? 'Our text is in the editor. Publish it to put it in force.'
                    : `Version ${version.version} is in the editor. Publish it to put it in force again.`,
                );
              }}
            />
          )}
        </div>
      </div>
    </>
  );
}

function Preview({
  check,
  framed,
}: {
  readonly check: { readonly preview: { subject: string; text: string; html: string } | null } | undefined;
  readonly framed: boolean;
}) {
  if (check === undefined) return <p className="muted">The preview appears as soon as there is a text.</p>;
  if (check.preview === null)
    return <p className="muted">The text cannot be filled yet. What is wrong stands beside it.</p>;
  return (
    <>
      <p className="muted">A sample account, a first message.</p>
      {framed && <h2 className="template-subject">{check.preview.subject}</h2>}
      {framed ? <HtmlBody html={check.preview.html} /> : <pre className="template-text">{check.preview.text}</pre>}
    </>
  );
}
