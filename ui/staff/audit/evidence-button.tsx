import { download } from '../../kit/api.ts';
import { DownloadButton } from '../../kit/download-button.tsx';

/** Saves the evidence pack of an account or of a period. */
export function EvidenceButton({
  of,
  label,
  disabled = false,
}: {
  readonly of: { readonly accountId: string } | { readonly from: string; readonly to: string };
  readonly label: string;
  readonly disabled?: boolean;
}) {
  return (
    <DownloadButton
      label={label}
      disabled={disabled}
      saved="The evidence pack is saved. Check it with `dunwell evidence verify`, or as its READ-ME says."
      fetchFile={(came) =>
        'accountId' in of
          ? download('getAccountEvidence', { params: of }, came)
          : download('getPeriodEvidence', { query: of }, came)
      }
    />
  );
}
