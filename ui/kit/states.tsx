import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { problemOf } from './problem.ts';
import { Icon } from './icons.tsx';

/** Grey bars where content will be; the widths vary so that it reads as text, not as a wall. */
export function SkeletonLines({ rows = 6, height = 14 }: { readonly rows?: number; readonly height?: number }) {
  return (
    <div className="stack" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className="skeleton" style={{ height, width: `${92 - ((row * 17) % 46)}%` }} />
      ))}
    </div>
  );
}

export function Skeleton({
  width = '100%',
  height = 14,
}: {
  readonly width?: number | string;
  readonly height?: number;
}) {
  return <span className="skeleton" style={{ width, height }} />;
}

/** Nothing here, and what to do about it. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children !== undefined && <p>{children}</p>}
      {action !== undefined && <div className="row wrap">{action}</div>}
    </div>
  );
}

/** What went wrong, in the server's own sentence, with a way to try again. */
export function Problem({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const problem = problemOf(error);
  return (
    <div className="problem" role="alert">
      <Icon name="warn" />
      <div className="grow">
        <p className="strong">{problem.title}</p>
        <p>{problem.detail}</p>
      </div>
      {retry !== undefined && (
        <Button variant="default" onClick={retry}>
          Retry
        </Button>
      )}
    </div>
  );
}

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'info' | 'accent';

export function Tag({
  tone = 'plain',
  children,
  title,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  return (
    <span className="tag" data-tone={tone} title={title}>
      {children}
    </span>
  );
}
