import { Modal } from '@mantine/core';
import { places } from './navigation.ts';

const lists: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Anywhere',
    keys: [
      ['Search everything', 'Ctrl K'],
      ['Search this list', '/'],
      ['This help', '?'],
    ],
  },
  {
    title: 'Lists',
    keys: [
      ['Next row', 'j'],
      ['Previous row', 'k'],
      ['Open', 'Enter'],
    ],
  },
  {
    title: 'Account',
    keys: [
      ['Log a call', 'c'],
      ['Promise', 'p'],
      ['Hold', 'h'],
      ['Note', 'n'],
      ['Payment', 'm'],
      ['Send now', 's'],
      ['Link somebody', 'l'],
      ['Case', 'w'],
    ],
  },
  {
    title: 'Duplicates',
    keys: [
      ['Next pair', 'j'],
      ['Previous pair', 'k'],
      ['Merge', 'm'],
      ['Not the same', 'x'],
    ],
  },
  {
    title: 'Worklist',
    keys: [
      ['Outcome', '1 – 9'],
      ['Save and next', 'Enter'],
      ['Skip', 's'],
      ['Whole case', 'w'],
      ['Note', 'n'],
    ],
  },
];

export function KeyHelp({ close }: { readonly close: () => void }) {
  return (
    <Modal opened onClose={close} title="Keys" size="lg">
      <div className="keys">
        <section>
          <h3>Go to</h3>
          <ul>
            {places.map((place) => (
              <li key={place.to}>
                {place.label} <kbd>g {place.key}</kbd>
              </li>
            ))}
          </ul>
        </section>
        {lists.map((list) => (
          <section key={list.title}>
            <h3>{list.title}</h3>
            <ul>
              {list.keys.map(([label, key]) => (
                <li key={key}>
                  {label} <kbd>{key}</kbd>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Modal>
  );
}
