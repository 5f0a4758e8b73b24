import { Button } from '@mantine/core';
import { useState } from 'react';
import { Icon } from './icons.tsx';
import { say, sayProblem } from './toast.tsx';

const size = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

/** Saves a file that may take minutes to come, and says how far it has come. */
export function DownloadButton({
  label,
  saved,
  fetchFile,
  disabled = false,
}: {
  readonly label: string;
  /** What to say once it is there. */
  readonly saved: string;
  readonly fetchFile: (came: (bytes: number) => void) => Promise<void>;
  readonly disabled?: boolean;
}) {
  const [came, setCame] = useState<number | null>(null);
  const make = async () => {
    setCame(0);
    try {
      await fetchFile(setCame);
      say(saved);
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
        disabled={disabled}
        leftSection={<Icon name="download" size={14} />}
        onClick={() => void make()}
      >
        {label}
      </Button>
    </>
  );
}
