import { deriveKey, type Key, seal, unseal } from './crypto.ts';

/** Wraps keys and values under the installation's secret; the secret itself never leaves it. */
export type Vault = {
  /** Seals under the installation's key; `bound` says where the value lives (tenant|table|column|row). */
  readonly seal: (plain: string | Uint8Array, bound: string) => Buffer;
  /** Opens what `seal` made. Throws when the secret has changed or the value was moved or altered. */
  readonly unseal: (sealed: Uint8Array, bound: string) => Buffer;
};

/** The vault of one installation. */
export function createVault(secret: string): Vault {
  const key: Key = deriveKey(secret, 'vault');
  return {
    seal: (plain, bound) => seal(key, plain, bound),
    unseal(sealed, bound) {
      const plain = unseal(key, sealed, bound);
      if (plain) return plain;
      throw new Error(
        `A sealed value (${bound}) does not open. Is DUNWELL_SECRET, or the file "secret" in the data directory, the one it was sealed with?`,
      );
    },
  };
}
