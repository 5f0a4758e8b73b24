import type { Reason } from './decide.ts';

export type PermitOf = {
  readonly permitId: string;
  readonly actId: string;
  readonly addressKey: string | null;
  readonly validUntil: Date;
};

/**
 * Leave for exactly one act. Only this room makes one, in the transaction that stores and spends it; whoever holds it may
 * carry out that act until `validUntil` and nothing else.
 */
class IssuedPermit {
  // A private member makes the type nominal: an object of the same shape is not a permit.
  readonly #issued = true;
  readonly permitId: string;
  readonly actId: string;
  readonly addressKey: string | null;
  readonly validUntil: Date;

  constructor(of: PermitOf) {
    this.permitId = of.permitId;
    this.actId = of.actId;
    this.addressKey = of.addressKey;
    this.validUntil = of.validUntil;
  }

  static isIssued(value: unknown): boolean {
    return typeof value === 'object' && value !== null && #issued in value && value.#issued;
  }
}

export type Permit = IssuedPermit;

export function issuePermit(of: PermitOf): Permit {
  return new IssuedPermit(of);
}

/** Throws unless this is a permit of ours, also when the type system was talked out of it. */
export function assertPermit(value: unknown): asserts value is Permit {
  if (!IssuedPermit.isIssued(value)) throw new TypeError('This is not a permit. Only the compliance room makes one.');
}

/**
 * The stored answer to one proposal; `permit` is there exactly when the decision is `allow`. With an override the act is allowed and
 * the reasons are those it lifts.
 */
export type Answer = {
  readonly permitId: string;
  readonly actId: string;
  readonly decision: 'allow' | 'deny' | 'defer';
  readonly reasons: readonly Reason[];
  readonly overrideId: string | null;
  readonly notBefore: Date | null;
  readonly permit: Permit | null;
};
