import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Instant } from '../../kit/amount.tsx';
import { Icon } from '../../kit/icons.tsx';
import { groupBy } from '../../kit/group-by.ts';
import type { Output } from '../../kit/operations.ts';
import { useRead } from '../../kit/queries.ts';
import { Problem, SkeletonLines } from '../../kit/states.tsx';
import { useFormat } from '../../kit/tenant.tsx';
import { say } from '../../kit/toast.tsx';
import { words } from '../../kit/words.ts';
import { Confidence } from './confidence.tsx';
import { DecisionTag } from './decision-tag.tsx';

type Permit = Output<'getPermit'>;
const instantLike = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** One answer of the gate: what stood against it and why, what would cure it, and everything it was judged on. */
export function PermitView({ id }: { readonly id: string }) {
  const permit = useRead('getPermit', { params: { permitId: id } });
  if (permit.isPending) return <SkeletonLines rows={9} />;
  if (permit.error !== null) return <Problem error={permit.error} retry={() => void permit.refetch()} />;
  return <Opened permit={permit.data} />;
}

function Opened({ permit }: { readonly permit: Permit }) {
  const groups = [...groupBy(permit.facts, (fact) => fact.group)];
  return (
    <article className="permit">
      <header>
        <div className="row wrap">
          <DecisionTag permit={permit} />
          <span className="strong">{words(permit.act)}</span>
          <span className="muted">
            by {words(permit.channel).toLowerCase()}, {words(permit.purpose).toLowerCase()}
          </span>
        </div>
        <p className="soft">
          <Link to="/accounts/$accountId" params={{ accountId: permit.account.id }}>
            {permit.party}
          </Link>
          , account {permit.account.name}, for {permit.client.name}, on <Instant at={permit.decidedAt} />
        </p>
        <Verdict permit={permit} />
      </header>
      {permit.reasons.length > 0 && (
        <section aria-label="What stood against it">
          <h3>What stood against it</h3>
          <ol className="reasons">
            {permit.reasons.map((reason) => (
              <li key={`${reason.ruleId}${reason.part}${reason.sentence}`}>
                <p className="strong">{reason.sentence}</p>
                {reason.rule !== null && <p className="soft">The rule: {reason.rule}</p>}
                <p className="soft">
                  {reason.opening === null ? (
                    'Opens by itself at no time.'
                  ) : (
                    <>
                      By this rule alone it opens <Instant at={reason.opening} />.
                    </>
                  )}
                </p>
                <p className="cure">
                  <Icon name="check" size={13} /> {reason.cure}
                </p>
                <p className="source">
                  {reason.confidence !== null && <Confidence grade={reason.confidence} />}{' '}
                  <span className="mono">
                    {reason.ruleId}
                    {reason.part !== null && `/${reason.part}`}
                  </span>{' '}
                  {reason.citation}
                </p>
              </li>
            ))}
          </ol>
        </section>
      )}
      {permit.override !== null && (
        <section aria-label="Override">
          <h3>Overridden</h3>
          <p>
            {permit.override.requestedBy} asked: {permit.override.reason}
          </p>
          <p className="soft">
            {permit.override.decidedBy} approved{permit.override.note !== null && `: ${permit.override.note}`}
          </p>
        </section>
      )}
      <section aria-label="Judged on">
        <h3>Judged on</h3>
        {groups.map(([group, facts]) => (
          <div key={group} className="fact-group">
            <h4>{group}</h4>
            <dl className="facts">
              {facts.map((fact, index) => (
                <div key={`${fact.name}${index}`} style={{ display: 'contents' }}>
                  <dt>{instantLike.test(fact.name) ? <Instant at={fact.name} /> : fact.name}</dt>
                  <dd>{instantLike.test(fact.value) ? <Instant at={fact.value} /> : fact.value}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </section>
      <section aria-label="Rules it was judged by">
        <h3>Rules it was judged by</h3>
        <ul>
          {permit.packs.map((pack) => (
            <li key={pack.key}>
              <span className="mono">{pack.key}</span> {pack.version}
              {pack.replacedBy.length > 0 && (
                <span className="muted">
                  , with{' '}
                  <Link to="/compliance" search={{ view: 'replacements' }}>
                    {pack.replacedBy.length} {pack.replacedBy.length === 1 ? 'replacement' : 'replacements'}
                  </Link>{' '}
                  by your counsel
                </span>
              )}
              {pack.tightenedBy.length > 0 && (
                <span className="muted">
                  , with {pack.tightenedBy.length} {pack.tightenedBy.length === 1 ? 'tightening' : 'tightenings'} of
                  your own
                </span>
              )}
            </li>
          ))}
        </ul>
      </section>
      <Export permit={permit} />
    </article>
  );
}

function Verdict({ permit }: { readonly permit: Permit }) {
  const spent = permit.spentOn;
  if (permit.decision === 'allow')
    return (
      <p>
        {spent === null ? (
          <>
            Good until <Instant at={permit.validUntil} />, for one act.
          </>
        ) : (
          <>
            Spent on a {spent.kind} at <Instant at={spent.at} />{' '}
            {spent.kind === 'message' && (
              <Link to="/outbox" search={{ message: spent.id }}>
                Open the message
              </Link>
            )}
          </>
        )}
      </p>
    );
  return permit.notBefore === null ? (
    <p>It does not open by waiting alone.</p>
  ) : (
    <p>
      By all rules together it opens{' '}
      <b className="strong">
        <Instant at={permit.notBefore} />
      </b>
      .
    </p>
  );
}

function Export({ permit }: { readonly permit: Permit }) {
  const format = useFormat();
  const text = () => JSON.stringify(permit, null, 2);
  return (
    <div className="row wrap">
      <Button
        variant="default"
        leftSection={<Icon name="file" size={14} />}
        onClick={() =>
          void navigator.clipboard.writeText(text()).then(
            () => say('Copied as JSON.'),
            () => say('The browser does not let this page copy; save it instead.'),
          )
        }
      >
        Copy
      </Button>
      <Button
        variant="default"
        component="a"
        leftSection={<Icon name="download" size={14} />}
        href={`data:application/json;charset=utf-8,${encodeURIComponent(text())}`}
        download={`permit-${format.dateOf(permit.decidedAt)}-${permit.id}.json`}
      >
        Save as JSON
      </Button>
    </div>
  );
}
