import { Button, Switch } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Day } from '../../kit/amount.tsx';
import { useRead, useWrite } from '../../kit/queries.ts';
import { ScrollRegion } from '../../kit/scroll-region.tsx';
import { Empty, Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';
import { useMay } from '../shell/session.tsx';

/** The strategies with what holds, what is to come, who follows them and who is writing. */
export function StrategyList({ make }: { readonly make: () => void }) {
  const format = useFormat();
  const list = useRead('listStrategies', {});
  if (list.error !== null) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (list.data === undefined) return <SkeletonLines rows={6} height={20} />;
  const { rows, twoPeople } = list.data;
  if (rows.length === 0)
    return (
      <Empty title="No strategy yet" action={<Button onClick={make}>Write the first one</Button>}>
        A strategy is a ladder along the days past due: which notice goes out when, when somebody calls, when a manager
        looks.
      </Empty>
    );
  return (
    <>
      <ScrollRegion label="Strategies">
        <table className="table strategy-table" aria-label="Strategies">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">In effect</th>
              <th scope="col">To come</th>
              <th scope="col" className="right">
                Accounts
              </th>
              <th scope="col">Draft</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td>
                  <Link className="row-link" to="/strategies/$strategyId" params={{ strategyId: row.id }}>
                    {row.name}
                  </Link>
                  {row.fallback && (
                    <span className="strategy-note">
                      <Tag title="Followed where no selection table chooses another">Default</Tag>
                    </span>
                  )}
                </td>
                <td>
                  {row.inEffect === null ? (
                    <span className="muted">Not yet</span>
                  ) : (
                    <>
                      Version {row.inEffect.version}{' '}
                      <span className="soft">
                        since <Day date={row.inEffect.effectiveFrom} />
                      </span>
                    </>
                  )}
                </td>
                <td>
                  {row.coming === null ? (
                    <span className="muted">–</span>
                  ) : (
                    <>
                      Version {row.coming.version}{' '}
                      <span className="soft">
                        from <Day date={row.coming.effectiveFrom} />
                      </span>
                    </>
                  )}
                </td>
                <td className="right num">{format.count(row.followers)}</td>
                <td>
                  {row.draft === null ? (
                    <span className="muted">–</span>
                  ) : (
                    <span className="soft">
                      {row.draft.editedBy}, <Day date={format.dateOf(row.draft.editedAt)} />
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p className="muted strategy-foot">Accounts that owe and follow any version of it, as of the last run.</p>
      <TwoPeople twoPeople={twoPeople} />
    </>
  );
}

function TwoPeople({ twoPeople }: { readonly twoPeople: boolean }) {
  const may = useMay()('tenant.configure');
  const set = useWrite('setPublishing', ['listStrategies', 'readStrategy']);
  return (
    <Switch
      className="two-people"
      size="sm"
      label="Publishing takes two people"
      description="Whoever has written on a draft cannot publish it; somebody else has to look at it and do so."
      checked={twoPeople}
      disabled={!may || set.isPending}
      onChange={(event) => {
        const wanted = event.currentTarget.checked;
        set.mutate(
          { body: { twoPeople: wanted } },
          {
            onSuccess: () =>
              say(wanted ? 'Publishing takes two people now.' : 'Whoever writes a draft may publish it.'),
            onError: sayProblem,
          },
        );
      }}
    />
  );
}
