import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Empty, Problem } from '../../kit/states.tsx';

/** A page that broke: its sentence, a retry, and the rest of the application still in reach. */
export function Crashed({ error, reset }: { readonly error: unknown; readonly reset?: () => void }) {
  return (
    <div className="page">
      <Problem error={error} retry={reset ?? (() => location.reload())} />
    </div>
  );
}

export function NotFound() {
  return (
    <div className="page">
      <Empty
        title="There is no such page"
        action={
          <Button component={Link} to="/" variant="light">
            Go to Today
          </Button>
        }
      >
        The address may have been mistyped, or what it named has been removed.
      </Empty>
    </div>
  );
}
