import { Button } from '@mantine/core';
import { Instant } from '../../kit/amount.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';

export function Sessions() {
  const sessions = useRead('listSessions', {});
  const revoke = useWrite('revokeSession', ['listSessions']);
  if (sessions.isPending) return <SkeletonLines rows={3} height={18} />;
  if (sessions.error !== null) return <Problem error={sessions.error} retry={() => void sessions.refetch()} />;
  return (
    <ul className="cards">
      {sessions.data.rows.map((session) => (
        <li key={session.id}>
          <div className="card row wrap">
            <span className="grow">
              <span className="strong">{session.userAgent ?? 'Unknown browser'}</span>{' '}
              {session.current && <Tag tone="good">This one</Tag>}
              <span className="muted" style={{ display: 'block' }}>
                signed in <Instant at={session.createdAt} />, ends <Instant at={session.expiresAt} />
              </span>
            </span>
            {!session.current && (
              <Button
                variant="default"
                onClick={() =>
                  revoke.mutate(
                    { params: { sessionId: session.id } },
                    { onSuccess: () => say('Signed out there.'), onError: sayProblem },
                  )
                }
              >
                Sign out
              </Button>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
