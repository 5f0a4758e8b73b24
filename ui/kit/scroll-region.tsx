import type { ReactNode } from 'react';

/** Something wider than its place: it scrolls by itself, also from the keyboard, and the page never does. */
export function ScrollRegion({
  label,
  busy = false,
  children,
}: {
  readonly label: string;
  readonly busy?: boolean;
  readonly children: ReactNode;
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label} aria-busy={busy}>
      {children}
    </div>
  );
}
