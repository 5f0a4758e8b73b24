import { Button } from '@mantine/core';
import { useState } from 'react';
import { download } from '../../kit/api.ts';
import { Icon } from '../../kit/icons.tsx';
import { say, sayProblem } from '../../kit/toast.tsx';

const size = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

/** Saves the evidence pack of an account or of a period; says how far it has come, because a long period takes minutes. */
export function EvidenceButton({
  of,
  label,
  disabled,
}: {
  readonly of: { readonly accountId: string } | { readonly from: string; readonly to: string };
  readonly label: string;
  readonly disabled?: boolean;
}) {
  const [came, setCame] = useState<number | null>(null);
  const make = async () => {
    setCame(0);
    try {
      if ('accountId' in of) await download('getAccountEvidence', { params: of }, setCame);
      else await download('getPeriodEvidence', { query: of }, setCame);
      say('The evidence pack is saved. Check it with `dunwell evidence verify`.');
    } catch (error) {
      sayProblem(error);
    }
    setCame(null);
  };
  return (
    <>
      {came !== null && (
        <span role="status" className="soft" style={{ alignSelf: 'center' }}>
          Putting it together: {size(came)}
        </span>
      )}
      <Button
        variant="default"
        size="xs"
        loading={came !== null}
        disabled={disabled ?? false}
        leftSection={<Icon name="download" size={14} />}
        onClick={() => void make()}
      >
        {label}
      </Button>
    </>
  );
}
