import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../kernel/ctx.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { Result } from '../../kernel/result.ts';
import type { RefusalCode } from './refusals.ts';

/** Who asks, in which tenant, at which instant of that tenant's clock. */
export type Caller = {
  readonly tenant: TenantId;
  readonly tenantName: string;
  readonly tenantKind: 'live' | 'sandbox';
  readonly timeZone: string;
  readonly currency: string;
  readonly locale: string;
  readonly at: Date;
  readonly actor: Actor;
  /** Null for an API key. */
  readonly memberId: string | null;
  readonly role: string | null;
  readonly email: string | null;
  /** Null: everything; otherwise only rows of these clients. */
  readonly clientIds: readonly string[] | null;
};

export type Callers = {
  readonly identify: (request: FastifyRequest, reply: FastifyReply) => Promise<Result<Caller, RefusalCode>>;
};

/** The caller of a public operation: nobody, nowhere. Its tenant is no valid id, so no transaction can be opened with it. */
export const nobody: Caller = {
  tenant: '' as TenantId,
  tenantName: '',
  tenantKind: 'live',
  timeZone: 'UTC',
  currency: 'EUR',
  locale: 'en',
  at: new Date(0),
  actor: { kind: 'system', id: 'nobody', name: 'nobody', permissions: new Set() },
  memberId: null,
  role: null,
  email: null,
  clientIds: null,
};
