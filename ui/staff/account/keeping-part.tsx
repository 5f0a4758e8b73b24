import '../compliance/compliance.css';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from '@tanstack/react-router';
import { Day } from '../../kit/amount.tsx';
import { download } from '../../kit/api.ts';
import { DownloadButton } from '../../kit/download-button.tsx';
import type { Output } from '../../kit/operations.ts';
import { useRead } from '../../kit/queries.ts';
import { Problem, SkeletonLines, Tag } from '../../kit/states.tsx';
import { ForgetForm } from '../compliance/forget-form.tsx';
import { OneLegalHold, PlaceLegalHold } from '../compliance/legal-holds.tsx';
import { useMay } from '../shell/session.tsx';

type Account = Output<'getAccount'>;

/** How long these records must be kept, what else keeps them, and the person's own rights to them: a copy, and to be forgotten. */
export function KeepingPart({ account }: { readonly account: Account }) {
  const may = useMay();
  const read = useRead('getAccountKeeping', { params: { accountId: account.id } });
  const [open, setOpen] = useState<'hold' | 'forget' | null>(null);
  return (
    <section aria-label="Keeping and forgetting">
      <h3 className="strong" aria-level={2} style={{ marginBottom: 8 }}>
        Keeping and forgetting
      </h3>
      {read.isPending && <SkeletonLines rows={3} height={18} />}
      {read.error !== null && <Problem error={read.error} retry={() => void read.refetch()} />}
      {read.data !== undefined && <Kept keeping={read.data} />}
      <div className="row wrap" style={{ marginTop: 12 }}>
        {may('accounts.export') && (
          <DownloadButton
            label="Export their data"
            saved="Everything held about the person is saved as a ZIP. The export stands in the audit trail."
            fetchFile={(came) => download('exportPerson', { params: { partyId: account.party.id } }, came)}
          />
        )}
        {may('compliance.override') && read.data !== undefined && (
          <>
            <Button variant="default" size="xs" onClick={() => setOpen('hold')}>
              Place a legal hold…
            </Button>
            {read.data.erasure === null && (
              <Button variant="default" size="xs" onClick={() => setOpen('forget')}>
                Forget this person…
              </Button>
            )}
          </>
        )}
      </div>
      {open === 'hold' && <PlaceLegalHold account={account} close={() => setOpen(null)} />}
      {open === 'forget' && read.data !== undefined && (
        <ForgetForm
          person={{ partyId: account.party.id, name: account.party.name }}
          basis="request"
          obstacles={read.data.obstacles}
          close={() => setOpen(null)}
        />
      )}
    </section>
  );
}

function Kept({ keeping }: { readonly keeping: Output<'getAccountKeeping'> }) {
  const [longest, ...others] = keeping.duties;
  return (
    <>
      {keeping.erasure !== null && (
        <p>
          <Tag tone="warn">To be forgotten</Tag>{' '}
          <Link to="/compliance" search={{ view: 'erasures' }}>
            {keeping.erasure.state === 'requested' ? 'It waits for a second person' : 'It is being carried out'}
          </Link>
        </p>
      )}
      {longest === undefined ? (
        <p className="soft">No duty keeps these records: nothing was ever done to collect.</p>
      ) : (
        <p className="soft">
          Must be kept until <Day date={longest.through} />
          {others.length > 0 && `, by the longest of ${keeping.duties.length} duties`}: {longest.title}{' '}
          <span className="muted">{longest.citation}</span>
        </p>
      )}
      {others.length > 0 && (
        <ul className="soft">
          {others.map((duty) => (
            <li key={`${duty.ruleId}-${duty.title}`}>
              <Day date={duty.through} />: {duty.title} <span className="muted">{duty.citation}</span>
            </li>
          ))}
        </ul>
      )}
      {keeping.legalHolds.length > 0 && (
        <ul className="cards" aria-label="Legal holds">
          {keeping.legalHolds.map((hold) => (
            <li key={hold.id}>
              <OneLegalHold hold={hold} level={3} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
