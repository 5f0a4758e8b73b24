import { Button, Menu, Modal, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';
import { Icon } from '../../kit/icons.tsx';
import type { Search } from '../router.tsx';
import { useSession } from '../shell/session.tsx';

export const filterChips: readonly { readonly key: string; readonly value: string; readonly label: string }[] = [
  { key: 'bucket', value: '1_30', label: '1–30' },
  { key: 'bucket', value: '31_60', label: '31–60' },
  { key: 'bucket', value: '61_90', label: '61–90' },
  { key: 'bucket', value: '90_plus', label: 'Over 90 days' },
  { key: 'promise', value: 'open', label: 'Promised' },
  { key: 'promise', value: 'broken', label: 'Promise broken' },
  { key: 'held', value: 'yes', label: 'Held' },
  { key: 'contactable', value: 'no', label: 'No contact' },
  { key: 'open', value: 'all', label: 'With settled' },
];

type Saved = { readonly name: string; readonly search: Search };

/** Filters a person keeps by name. The address itself holds the filter, so a saved one is a named address. */
export function SavedFilters({ search, apply }: { readonly search: Search; readonly apply: (search: Search) => void }) {
  const { tenant, user } = useSession();
  const [saved, setSaved] = useLocalStorage<Saved[]>({
    key: `dunwell.filters.${tenant.id}.${user.id}`,
    defaultValue: [],
  });
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const nothing = Object.keys(search).length === 0;
  return (
    <>
      <Menu position="bottom-end" width={240} shadow="md">
        <Menu.Target>
          <Button variant="default" rightSection={<Icon name="down" size={12} />}>
            Saved filters
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {saved.length === 0 && <Menu.Label>None yet. Filter the list, then save it here.</Menu.Label>}
          {saved.map((filter) => (
            <Menu.Item key={filter.name} onClick={() => apply(filter.search)}>
              {filter.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="plus" size={14} />} disabled={nothing} onClick={() => setNaming(true)}>
            Save this filter
          </Menu.Item>
          {saved.length > 0 && (
            <Menu.Item leftSection={<Icon name="close" size={14} />} onClick={() => setSaved([])}>
              Remove all saved filters
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={naming} onClose={() => setNaming(false)} title="Save this filter">
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            setSaved([...saved.filter((filter) => filter.name !== name), { name, search }]);
            setNaming(false);
            setName('');
          }}
        >
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={60}
            data-autofocus
          />
          <Button type="submit" size="sm">
            Save
          </Button>
        </form>
      </Modal>
    </>
  );
}
