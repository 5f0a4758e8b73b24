/** The form of an evidence pack that `dunwell evidence verify` reads. */
export const FORMAT = 'dunwell-evidence/1';

/** Every file of the pack but this one and the audit proof, in order. Its own digest is sealed in the audit chain. */
export type Manifest = {
  readonly format: typeof FORMAT;
  readonly tenant: string;
  readonly title: string;
  readonly madeAt: string;
  readonly madeBy: string;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
};
