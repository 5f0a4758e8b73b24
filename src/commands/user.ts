import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { chooseTenant, print, table, withInstallation } from '../command-line.ts';
import type { Installation } from '../installation.ts';
import {
  actIn,
  addMember,
  createAuth,
  disableMember,
  isRole,
  listMembers,
  roles,
  type StaffAuth,
  systemActor,
} from '../modules/identity/public.ts';

const actor = systemActor('command line');
const authOf = (installation: Installation): StaffAuth =>
  createAuth({ database: installation.database, secret: installation.secret, baseUrl: installation.config.publicUrl });

/** `dunwell user`: staff accounts from the command line. A password comes from standard input, so that it stays out of the shell's history. */
export function define(program: Command): void {
  const user = program.command('user').description('Staff accounts of a tenant');
  user
    .command('add <email>')
    .description('Add a member; the password is read from standard input')
    .requiredOption('--name <name>', 'the name colleagues see')
    .option('--role <role>', roles.join(', '), 'collector')
    .option('--tenant <tenant>', 'name or id')
    .action(add);
  user
    .command('list')
    .description('List members')
    .option('--tenant <tenant>', 'name or id')
    .option('--json', 'print JSON')
    .action(list);
  user
    .command('password <email>')
    .description('Set a new password (read from standard input) and end all sessions')
    .action(setPassword);
  user
    .command('disable <email>')
    .description('End a membership at once')
    .option('--tenant <tenant>', 'name or id')
    .action(disable);
}

async function add(email: string, options: { name: string; role: string; tenant?: string }): Promise<void> {
  const { role } = options;
  if (!isRole(role)) throw new Error(`There is no role "${role}". Use one of: ${roles.join(', ')}.`);
  const password = await readPassword();
  await withInstallation(async (installation) => {
    const tenant = await chooseTenant(installation, options.tenant);
    const auth = authOf(installation);
    const existing = await auth.findUser(email);
    const userId = existing
      ? { ok: true as const, value: existing.id }
      : await auth.createUser({ email, name: options.name, password });
    if (!userId.ok) throw new Error(userId.detail);
    const added = await actIn(installation, tenant.id, actor, (ctx) =>
      addMember(ctx, { userId: userId.value, email, displayName: options.name, role }),
    );
    if (!added.ok) throw new Error(added.detail);
    process.stdout.write(
      `${email} is now ${role} of ${tenant.name}.${existing ? ' The existing password stays.' : ''}\n`,
    );
  });
}

async function list(options: { tenant?: string; json?: boolean }): Promise<void> {
  await withInstallation(async (installation) => {
    const tenant = await chooseTenant(installation, options.tenant);
    const members = await actIn(installation, tenant.id, actor, (ctx) => listMembers(ctx));
    print(members, options.json, (rows) =>
      table(
        ['e-mail', 'name', 'role', 'state'],
        rows.map((row) => [row.email, row.displayName, row.role, row.disabledAt ? 'disabled' : 'active']),
      ),
    );
  });
}

async function setPassword(email: string): Promise<void> {
  const password = await readPassword();
  await withInstallation(async (installation) => {
    const auth = authOf(installation);
    const user = await auth.findUser(email);
    if (!user) throw new Error(`There is no account with the address ${email}. Add it with \`dunwell user add\`.`);
    const set = await auth.setPassword(user.id, password);
    if (!set.ok) throw new Error(set.detail);
    process.stdout.write(`The password of ${email} is changed and every session of theirs has ended.\n`);
  });
}

async function disable(email: string, options: { tenant?: string }): Promise<void> {
  await withInstallation(async (installation) => {
    const tenant = await chooseTenant(installation, options.tenant);
    const disabled = await actIn(installation, tenant.id, actor, async (ctx) => {
      const member = (await listMembers(ctx)).find((candidate) => candidate.email === email.toLowerCase());
      if (!member) throw new Error(`${email} is not a member of ${tenant.name}.`);
      return disableMember(ctx, member.id);
    });
    if (!disabled.ok) throw new Error(disabled.detail);
    process.stdout.write(`${email} can no longer enter ${tenant.name}.\n`);
  });
}

async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Password (12 characters or more, shown as you type): ');
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  throw new Error('No password came on standard input. Type one, or pipe it: printf %s "$PASSWORD" | dunwell user …');
}
