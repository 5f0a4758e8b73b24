import { calendarDate, instantAt, localDateOf, parseTimeZone, timeZone } from '../../../kernel/calendar.ts';
import { idOf } from '../../../kernel/ids.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import { createFirstTenant, demoSignIn } from '../../../flows/create-tenant.ts';
import { moveTenantClock } from '../../../flows/move-clock.ts';
import { listTenantIds, membershipsOf, type StaffAuth } from '../../../modules/identity/public.ts';
import type { Caller, Callers } from '../caller.ts';
import type { ResponseOf } from '../contract/route.ts';
import * as contract from '../contract/session.ts';
import { type Host, type Implementation, implementFlow } from '../operation.ts';
import { headersOf, sessionCallers } from '../session-caller.ts';

type SessionBody = ResponseOf<typeof contract.getSession>;

async function describe(caller: Caller, host: Host): Promise<SessionBody> {
  const memberships =
    caller.memberId === null ? [] : await membershipsOf(host.installation.database, idOf('user', caller.actor.id));
  return {
    user: { id: caller.actor.id, name: caller.actor.name, email: caller.email ?? '' },
    tenant: {
      id: caller.tenant,
      name: caller.tenantName,
      kind: caller.tenantKind,
      timeZone: caller.timeZone,
      currency: caller.currency,
      locale: caller.locale,
      now: caller.at.toISOString(),
      today: localDateOf(caller.at, timeZone(caller.timeZone)),
    },
    role: (caller.role ?? 'read_only') as SessionBody['role'],
    permissions: [...caller.actor.permissions].sort(),
    tenants: memberships.map((membership) => ({ id: membership.tenantId, name: membership.tenantName })),
  };
}

/** Puts cookies on the answer; the library writes whole Set-Cookie lines. */
function setCookies(host: Host, lines: readonly string[]): void {
  for (const line of lines) void host.reply.header('set-cookie', line);
}

/** The morning a sandbox's clock begins at; null where there is no such zone, which is refused elsewhere. */
function startOfSandbox(day: string, zone: string): Date | null {
  const read = parseTimeZone(zone);
  return read.ok ? instantAt(calendarDate(day), '09:00', read.value) : null;
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Straight from this machine, not through a proxy: one in front would make everybody look local. */
function sitsHere({ request, publicUrl }: Host): boolean {
  const forwarded = request.headers['x-forwarded-for'] !== undefined || request.headers['forwarded'] !== undefined;
  return (
    !forwarded &&
    loopback.has(request.ip) &&
    loopback.has(request.hostname) &&
    loopback.has(new URL(publicUrl).hostname)
  );
}

/** First run, sign-in, sessions, the sandbox clock. */
export function sessionHandlers(auth: StaffAuth): Implementation[] {
  return [
    implementFlow(contract.getSetup, async (_asked, host) => {
      const tenants = await listTenantIds(host.installation);
      // Only somebody sitting at this machine is told how to enter the demo.
      const local = sitsHere(host);
      return ok({
        needed: tenants.length === 0,
        demo: local ? await demoSignIn(host.installation, host.secret) : null,
      });
    }),
    implementFlow(contract.createFirst, async ({ body }, host) => {
      if ((await listTenantIds(host.installation)).length > 0)
        return refuse('already_done', 'This installation is set up already. Sign in, or ask an owner to add you.');
      const { clockOn, ...first } = body;
      const clockAt = clockOn === undefined ? null : startOfSandbox(clockOn, body.timeZone);
      const created = await createFirstTenant(host.installation, auth, { ...first, ...(clockAt && { clockAt }) });
      return created.ok ? ok({ tenantId: created.value.tenantId }) : created;
    }),
    implementFlow(contract.signIn, async ({ body }, host) => {
      const signedIn = await auth.signIn({ ...body, headers: headersOf(host.request), clientAddress: host.request.ip });
      if (!signedIn.ok) return signedIn;
      setCookies(host, signedIn.value.setCookies);
      host.request.headers.cookie = signedIn.value.setCookies.map((line) => line.split(';')[0]).join('; ');
      const callers: Callers = sessionCallers(host.installation, auth);
      const caller = await callers.identify(host.request, host.reply);
      return caller.ok ? ok(await describe(caller.value, host)) : caller;
    }),
    implementFlow(contract.getSession, async ({ caller }, host) => ok(await describe(caller, host))),
    implementFlow(contract.signOut, async (_asked, host) => {
      setCookies(host, await auth.signOut(headersOf(host.request)));
      return ok(undefined);
    }),
    implementFlow(contract.listSessions, async ({ caller }, host) => {
      if (caller.memberId === null) return ok({ rows: [] });
      const current = await auth.verifySession(headersOf(host.request));
      const rows = await auth.listSessions(idOf('user', caller.actor.id));
      return ok({
        rows: rows.map((row) => ({
          id: row.id,
          createdAt: row.createdAt.toISOString(),
          expiresAt: row.expiresAt.toISOString(),
          userAgent: row.userAgent,
          current: row.id === current?.sessionId,
        })),
      });
    }),
    implementFlow(contract.revokeSession, async ({ caller, params }) => {
      const ended =
        caller.memberId !== null && (await auth.revokeSession(idOf('user', caller.actor.id), params.sessionId));
      return ended ? ok(undefined) : refuse('not_found', 'There is no such session of yours.');
    }),
    implementFlow(contract.moveClock, async ({ caller, body }, host) => {
      const moved = await moveTenantClock(host.mailing, caller.tenant, caller.actor, body);
      return moved.ok
        ? ok({ now: moved.value.now.toISOString(), days: moved.value.days, counts: { ...moved.value.counts } })
        : moved;
    }),
  ];
}
