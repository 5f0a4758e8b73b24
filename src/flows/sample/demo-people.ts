import type { Actor } from '../../kernel/ctx.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { unwrap } from '../../kernel/result.ts';
import {
  actIn,
  addMember,
  listMembers,
  memberActor,
  type Role,
  type StaffAuth,
  systemActor,
} from '../../modules/identity/public.ts';
import type { ImportHost } from '../import-portfolio.ts';

export type DemoPeople = { readonly owner: Actor; readonly collector: Actor; readonly manager: Actor };

const people = [
  { email: 'manager@dunwell.example', name: 'Morgan Ellis', role: 'manager' },
  { email: 'collector@dunwell.example', name: 'Robin Castle', role: 'collector' },
] as const satisfies readonly { email: string; name: string; role: Role }[];

/** A manager and a collector beside the owner, who sign in with the owner's password; made once, found again after that. */
export async function joinPeople(
  host: ImportHost,
  auth: StaffAuth,
  tenant: TenantId,
  password: string,
): Promise<DemoPeople> {
  for (const { email, name, role } of people) {
    const userId = (await auth.findUser(email))?.id ?? unwrap(await auth.createUser({ email, name, password }));
    await actIn(host, tenant, systemActor('demo'), async (ctx) => {
      const members = await listMembers(ctx);
      if (!members.some((member) => member.email === email))
        unwrap(await addMember(ctx, { userId, email, displayName: name, role }));
    });
  }
  const members = await actIn(host, tenant, systemActor('demo'), (ctx) => listMembers(ctx));
  const actorOf = (role: Role): Actor => {
    const member = members.find((candidate) => candidate.role === role);
    if (!member) throw new Error(`The demo has no ${role}`);
    return memberActor(member);
  };
  return { owner: actorOf('owner'), collector: actorOf('collector'), manager: actorOf('manager') };
}
