import { useEffect, useRef } from 'react';

export interface Tab {
  readonly key: string;
  readonly label: string;
  readonly count?: number | undefined;
}

/** Tabs after the ARIA pattern: arrows move along them, and the one chosen is in the address. */
export function Tabs({
  label,
  tabs,
  chosen,
  choose,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly chosen: string;
  readonly choose: (key: string) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  // On a narrow screen the tabs scroll, and the one chosen by a link may be out of sight.
  useEffect(() => {
    const show = () =>
      list.current?.querySelector(`[data-tab="${chosen}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    show();
    window.addEventListener('resize', show);
    return () => window.removeEventListener('resize', show);
  }, [chosen]);
  return (
    <div
      ref={list}
      className="tabs no-print"
      role="tablist"
      aria-label={label}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        if (step === 0) return;
        const at = tabs.findIndex((tab) => tab.key === chosen);
        const next = tabs[(at + step + tabs.length) % tabs.length];
        if (next === undefined) return;
        choose(next.key);
        list.current?.querySelector<HTMLButtonElement>(`[data-tab="${next.key}"]`)?.focus();
      }}
    >
      {tabs.map((tab) => (
        <button
          key={tab.key}
          type="button"
          role="tab"
          id={`tab-${tab.key}`}
          data-tab={tab.key}
          aria-selected={tab.key === chosen}
          aria-controls={tab.key === chosen ? `panel-${tab.key}` : undefined}
          tabIndex={tab.key === chosen ? 0 : -1}
          onClick={() => choose(tab.key)}
        >
          {tab.label}
          {tab.count !== undefined && <span className="n">{tab.count}</span>}
        </button>
      ))}
    </div>
  );
}

export const panelProps = (key: string) =>
  ({ role: 'tabpanel', id: `panel-${key}`, 'aria-labelledby': `tab-${key}` }) as const;
