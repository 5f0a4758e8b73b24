import type { Command } from 'commander';
import { chooseTenant, print, table, withInstallation } from '../command-line.ts';
import {
  actIn,
  createApiKey,
  listApiKeys,
  permissions,
  revokeApiKey,
  systemActor,
} from '../modules/identity/public.ts';

const actor = systemActor('command line');

/** `dunwell key`: API keys from the command line. */
export function define(program: Command): void {
  const key = program.command('key').description('API keys of a tenant');
  key
    .command('create <name>')
    .description('Create a key and print its secret, once')
    .requiredOption('--scopes <scopes>', `comma-separated, of: ${permissions.join(', ')}`)
    .option('--tenant <tenant>', 'name or id')
    .option('--json', 'print JSON')
    .action(create);
  key
    .command('list')
    .description('List keys')
    .option('--tenant <tenant>', 'name or id')
    .option('--json', 'print JSON')
    .action(list);
  key
    .command('revoke <prefix>')
    .description('Revoke a key at once')
    .option('--tenant <tenant>', 'name or id')
    .action(revoke);
}

type Options = { readonly tenant?: string; readonly json?: boolean };

async function create(name: string, options: Options & { readonly scopes: string }): Promise<void> {
  await withInstallation(async (installation) => {
    const tenant = await chooseTenant(installation, options.tenant);
    const scopes = options.scopes
      .split(',')
      .map((scope) => scope.trim())
      .filter((scope) => scope !== '');
    const created = await actIn(installation, tenant.id, actor, (ctx) => createApiKey(ctx, { name, scopes }));
    if (!created.ok) throw new Error(created.detail);
    print({ secret: created.value.text, prefix: created.value.key.prefix }, options.json, (made) => made.secret);
  });
}

async function list(options: Options): Promise<void> {
  await withInstallation(async (installation) => {
    const tenant = await chooseTenant(installation, options.tenant);
    const keys = await actIn(installation, tenant.id, actor, (ctx) => listApiKeys(ctx));
    if (!keys.ok) throw new Error(keys.detail);
    print(keys.value, options.json, (rows) =>
      rows.length === 0
        ? `${tenant.name} has no key yet. \`dunwell key create --help\` says how to make one.`
        : table(
            ['prefix', 'name', 'scopes', 'last used', 'state'],
            rows.map((row) => [
              row.prefix,
              row.name,
              row.scopes.join(','),
              row.lastUsedOn ?? 'never',
              row.revokedAt ? 'revoked' : 'active',
            ]),
          ),
    );
  });
}

async function revoke(prefix: string, options: Options): Promise<void> {
  await withInstallation(async (installation) => {
    const tenant = await chooseTenant(installation, options.tenant);
    const revoked = await actIn(installation, tenant.id, actor, async (ctx) => {
      const keys = await listApiKeys(ctx);
      const key = keys.ok ? keys.value.find((candidate) => candidate.prefix === prefix) : undefined;
      if (!key) throw new Error(`There is no key with the prefix ${prefix}. \`dunwell key list\` shows them.`);
      return revokeApiKey(ctx, key.id);
    });
    if (!revoked.ok) throw new Error(revoked.detail);
    process.stdout.write(`The key ${prefix} is revoked.\n`);
  });
}
