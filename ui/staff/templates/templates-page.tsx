import '../accounts/accounts.css';
import './templates.css';
import { Select } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { Output } from '../../kit/operations.ts';
import { Page } from '../../kit/page.tsx';
import { useRead } from '../../kit/queries.ts';
import { Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { useMay } from '../shell/session.tsx';
import { TemplateEditor } from './template-editor.tsx';
import { channelWords, languageWords, purposeWords, type Use } from './template-words.ts';

type Row = Output<'listTemplates'>['rows'][number];
const route = getRouteApi('/staff/templates');

const one = <T extends string>(options: Readonly<Record<T, string>>, value: string | undefined, usual: T): T =>
  value !== undefined && value in options ? (value as T) : usual;
const choices = (options: Readonly<Record<string, string>>) =>
  Object.entries(options).map(([value, label]) => ({ value, label }));

export function TemplatesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const list = useRead('listTemplates', {}, { enabled: may('templates.write') });
  const channel = one(channelWords, search.channel, 'email');
  const debtKind = search.kind === 'consumer' || search.purpose === 'limited_content' ? 'consumer' : 'commercial';
  const language = one(languageWords(channel), search.language, 'en');
  const purposes = purposeWords(channel, debtKind);
  const purpose = one(purposes, search.purpose, 'notice_1');
  const use: Use = { channel, debtKind, language, purpose };
  const set = (part: Record<string, string>) => void navigate({ search: { ...search, ...part }, replace: true });
  const rows = list.data?.rows ?? [];
  const rowOf = (of: string): Row | undefined =>
    rows.find(
      (row) => row.channel === channel && row.debtKind === debtKind && row.language === language && row.purpose === of,
    );
  return (
    <Page
      title="Templates"
      sub="What your messages say. Each text is judged by the rules about wording as you write it."
    >
      <div className="list-tools template-use">
        <Select
          label="Channel"
          value={channel}
          allowDeselect={false}
          data={choices(channelWords)}
          onChange={(value) => set({ channel: value ?? 'email', purpose: 'notice_1' })}
        />
        <Select
          label="For"
          value={debtKind}
          allowDeselect={false}
          data={[
            { value: 'commercial', label: 'Businesses' },
            { value: 'consumer', label: 'Consumers' },
          ]}
          onChange={(value) => set({ kind: value ?? 'commercial', purpose: 'notice_1' })}
        />
        <Select
          label="Language"
          value={language}
          allowDeselect={false}
          data={choices(languageWords(channel))}
          onChange={(value) => set({ language: value ?? 'en' })}
        />
      </div>
      {list.isPending && may('templates.write') && <SkeletonLines rows={9} height={18} />}
      {list.error !== null && <Problem error={list.error} retry={() => void list.refetch()} />}
      {!may('templates.write') && (
        <p className="soft">Your role does not include writing templates. Ask an owner of this tenant to change it.</p>
      )}
      {list.data !== undefined && (
        <div className="templates">
          <nav aria-label="Texts" className="template-list">
            {choices(purposes).map(({ value, label }) => {
              const row = rowOf(value);
              return (
                <button
                  key={value}
                  type="button"
                  className="template-row"
                  aria-current={value === purpose}
                  onClick={() => set({ purpose: value })}
                >
                  <span className="strong">{label}</span>
                  <Tag tone={row?.id ? 'accent' : 'plain'}>
                    {row?.id ? `Version ${row.version}` : row ? 'Ours' : 'Not written'}
                  </Tag>
                </button>
              );
            })}
          </nav>
          <TemplateEditor
            key={[...Object.values(use), rowOf(purpose)?.version].join('/')}
            use={use}
            row={rowOf(purpose)}
            audience={list.data.audience}
          />
        </div>
      )}
    </Page>
  );
}
