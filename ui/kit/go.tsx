import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** A link to an address that is already whole (from the server, or with a query of its own). */
export function Go({
  href,
  className,
  children,
}: {
  readonly href: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const router = useRouter();
  return (
    <a
      href={href}
      className={className}
      onClick={(event) => {
        // Another tab, a download or another site is the browser's business.
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0 || !href.startsWith('/')) return;
        event.preventDefault();
        void router.navigate({ href });
      }}
    >
      {children}
    </a>
  );
}
