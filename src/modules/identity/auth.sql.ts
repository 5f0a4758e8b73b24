import { sql } from 'kysely';
import type { Db } from '../../kernel/db.ts';
import { type Id, idOf } from '../../kernel/ids.ts';

export type SessionRow = {
  readonly id: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
};

export async function selectSessions(directory: Db, userId: Id<'user'>): Promise<SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    select id, "createdAt", "expiresAt", "ipAddress", "userAgent" from auth."session"
    where "userId" = ${userId} and "expiresAt" > now() order by "createdAt" desc, id`.execute(directory);
  return rows;
}

export async function deleteSession(directory: Db, userId: Id<'user'>, sessionId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from auth."session" where id = ${sessionId} and "userId" = ${userId}`.execute(directory);
  return numAffectedRows === 1n;
}

export async function deleteSessions(directory: Db, userId: Id<'user'>): Promise<bigint> {
  const { numAffectedRows } = await sql`delete from auth."session" where "userId" = ${userId}`.execute(directory);
  return numAffectedRows ?? 0n;
}

export async function findUserByEmail(
  directory: Db,
  email: string,
): Promise<{ id: Id<'user'>; email: string; name: string } | null> {
  const { rows } = await sql<{ id: string; email: string; name: string }>`
    select id, email, name from auth."user" where email = ${email}`.execute(directory);
  return rows[0] ? { id: idOf('user', rows[0].id), email: rows[0].email, name: rows[0].name } : null;
}

/** User and password in one statement; null when the e-mail address is taken. */
export async function insertUser(
  directory: Db,
  user: { id: Id<'user'>; email: string; name: string; passwordHash: string },
): Promise<Id<'user'> | null> {
  const { rows } = await sql<{ id: string }>`
    with made as (
      insert into auth."user" (id, name, email, "emailVerified") values (${user.id}, ${user.name}, ${user.email}, true)
      on conflict (email) do nothing returning id
    )
    insert into auth."account" ("accountId", "providerId", "userId", password, "updatedAt")
    select id::text, 'credential', id, ${user.passwordHash}, now() from made
    returning "userId" as id`.execute(directory);
  return rows[0] ? idOf('user', rows[0].id) : null;
}

export async function updatePassword(directory: Db, userId: Id<'user'>, passwordHash: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update auth."account" set password = ${passwordHash}, "updatedAt" = now()
    where "userId" = ${userId} and "providerId" = 'credential'`.execute(directory);
  return numAffectedRows === 1n;
}

/** Counts one attempt for the address and returns how many its window holds; one atomic statement, so a burst cannot slip by. */
export async function countAttempt(directory: Db, emailSha256: string, windowS: number): Promise<number> {
  const { rows } = await sql<{ attempts: number }>`
    insert into auth.sign_in_attempts as a (email_sha256, window_started_at, attempts)
    values (${emailSha256}, now(), 1)
    on conflict (email_sha256) do update set
      attempts = case when a.window_started_at < excluded.window_started_at - make_interval(secs => ${windowS})
        then 1 else a.attempts + 1 end,
      window_started_at = case when a.window_started_at < excluded.window_started_at - make_interval(secs => ${windowS})
        then excluded.window_started_at else a.window_started_at end
    returning attempts`.execute(directory);
  return rows[0]?.attempts ?? 0;
}

/** Forgets the address's attempts after a success, and everybody's old windows. */
export async function clearAttempts(directory: Db, emailSha256: string, windowS: number): Promise<void> {
  await sql`
    delete from auth.sign_in_attempts
    where email_sha256 = ${emailSha256} or window_started_at < now() - make_interval(secs => ${windowS})`.execute(
    directory,
  );
}
