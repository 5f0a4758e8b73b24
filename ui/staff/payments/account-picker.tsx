import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useRead } from '../../kit/queries.ts';

/** Finds an account by name, number or invoice number while typing. */
export function AccountPicker({
  value,
  change,
}: {
  readonly value: string | null;
  readonly change: (id: string | null) => void;
}) {
  const [text, setText] = useState('');
  const [wanted] = useDebouncedValue(text.trim(), 160);
  const found = useRead('search', { query: { q: wanted } }, { enabled: wanted.length > 0, keep: true });
  return (
    <Select
      label="Account"
      placeholder="Name, account or invoice number"
      value={value}
      onChange={change}
      searchable
      clearable
      searchValue={text}
      onSearchChange={setText}
      data={found.data?.rows.map((row) => ({ value: row.accountId, label: `${row.party}, ${row.number}` })) ?? []}
      // The server has searched already; filtering again would hide what it found by e-mail or invoice number.
      filter={({ options }) => options}
      nothingFoundMessage={wanted === '' ? 'Begin to type' : found.isFetching ? 'Searching…' : 'No account matches'}
    />
  );
}
