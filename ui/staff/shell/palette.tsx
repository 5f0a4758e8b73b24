import { Spotlight, spotlight } from '@mantine/spotlight';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Amount } from '../../kit/amount.tsx';
import { Icon } from '../../kit/icons.tsx';
import { useRead } from '../../kit/queries.ts';
import { places } from './navigation.ts';
import { useMay } from './session.tsx';

/** One box for going anywhere: pages by name, accounts by name, number, e-mail or phone. */
export function Palette() {
  const [query, setQuery] = useState('');
  const [wanted] = useDebouncedValue(query.trim(), 140);
  const navigate = useNavigate();
  const may = useMay();
  const found = useRead('search', { query: { q: wanted } }, { enabled: wanted.length > 0, keep: true });
  const lower = query.trim().toLowerCase();
  const pages = places.filter(
    (place) => (place.permission === undefined || may(place.permission)) && place.label.toLowerCase().includes(lower),
  );
  const accounts = wanted === '' ? [] : (found.data?.rows ?? []);
  return (
    <Spotlight.Root
      attributes={{ content: { 'aria-label': 'Search everything' } }}
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      scrollable
      maxHeight={420}
      clearQueryOnClose
      centered={false}
      yOffset="14vh"
      overlayProps={{ blur: 0 }}
    >
      <Spotlight.Search
        placeholder="Name, account or invoice number, e-mail, phone, or a page"
        leftSection={<Icon name="search" />}
        aria-label="Search"
      />
      <Spotlight.ActionsList aria-label="Results">
        {accounts.length > 0 && (
          <Spotlight.ActionsGroup label="Accounts">
            {accounts.map((row) => (
              <Spotlight.Action
                key={row.accountId}
                onClick={() => void navigate({ to: '/accounts/$accountId', params: { accountId: row.accountId } })}
              >
                <span className="row" style={{ width: '100%' }}>
                  <span className="grow truncate">
                    <span className="strong">{row.party}</span> <span className="palette-hint">{row.number}</span>
                    {row.matched !== '' && <span className="palette-hint"> · {row.matched}</span>}
                  </span>
                  <Amount value={{ amountMinor: row.balanceMinor, currency: row.currency }} />
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label="Pages">
            {pages.map((place) => (
              <Spotlight.Action
                key={place.to}
                onClick={() => void navigate({ to: place.to })}
                leftSection={<Icon name={place.icon} />}
                rightSection={<kbd>g {place.key}</kbd>}
                label={place.label}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {accounts.length === 0 && pages.length === 0 && (
          <Spotlight.Empty>
            {found.isFetching
              ? 'Searching…'
              : found.isError
                ? 'The search did not answer. Try again.'
                : `Nothing matches “${query.trim()}”.`}
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

export const openPalette = () => spotlight.open();
