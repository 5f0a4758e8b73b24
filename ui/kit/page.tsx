import { type ReactNode, useEffect } from 'react';

export interface PageProps {
  readonly title: string;
  /** The tab's title when it differs from the heading. */
  readonly tab?: string;
  readonly sub?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page with one heading, an optional line under it, and its actions on the right. */
export function Page({ title, tab, sub, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${tab ?? title} · Dunwell`;
  }, [title, tab]);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {sub !== undefined && <div className="sub">{sub}</div>}
        </div>
        {actions !== undefined && <div className="page-actions no-print">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Section({
  title,
  aside,
  children,
  id,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly id?: string;
}) {
  return (
    <section className="section" id={id} aria-label={title}>
      <div className="section-head">
        <h2>{title}</h2>
        {aside !== undefined && <div className="aside">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

/** One headline figure in a strip of them (`<dl className="figures">`). */
export function Figure({
  label,
  value,
  foot,
}: {
  readonly label: ReactNode;
  readonly value: ReactNode;
  readonly foot?: ReactNode;
}) {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd>
        {value}
        {foot !== undefined && <div className="foot">{foot}</div>}
      </dd>
    </div>
  );
}
