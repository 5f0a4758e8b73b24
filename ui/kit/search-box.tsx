import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { Icon } from './icons.tsx';

/** The list's own search; `/` puts the cursor into it, Escape gives the keys back to the list. */
export function SearchBox({
  value,
  label,
  change,
}: {
  readonly value: string;
  readonly label: string;
  readonly change: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const tell = useDebouncedCallback(change, 220);
  return (
    <div className="search-box">
      <Icon name="search" size={14} />
      <input
        type="search"
        data-search=""
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          tell(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur();
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  );
}
