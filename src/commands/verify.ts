import type { Command } from 'commander';
import { chooseTenant, print, withInstallation } from '../command-line.ts';
import { type Finding, verify } from '../flows/verify.ts';
import { actIn, exportChainProof, listTenants, systemActor, type Tenant } from '../modules/identity/public.ts';

type Options = { readonly tenant?: string; readonly all?: boolean; readonly json?: boolean };
type Verified = {
  readonly tenant: string;
  readonly auditEntries: string;
  readonly head: { readonly seq: string; readonly hash: string };
  readonly findings: readonly Finding[];
};

/** `dunwell verify`: recompute balances, facts, permits and the audit chain. Exit 1 when something differs. */
export function define(program: Command): void {
  program
    .command('verify')
    .description(
      'Recompute balances from transfers, facts from sources, permits against sends and the audit chain; exits 1 naming what differs',
    )
    .option('--tenant <tenant>', 'name or id (default: every tenant)')
    .option('--json', 'print JSON')
    .action(verifyTenants);
}

async function verifyTenants(options: Options): Promise<void> {
  await withInstallation(async (installation) => {
    const tenants: readonly Tenant[] =
      options.tenant === undefined
        ? await listTenants(installation)
        : [await chooseTenant(installation, options.tenant)];
    const verified: Verified[] = [];
    for (const tenant of tenants) {
      verified.push(
        await actIn(
          installation,
          tenant.id,
          systemActor('command line'),
          async (ctx) => {
            const { findings, auditEntries } = await verify(ctx);
            const { seq, hash } = await exportChainProof(ctx);
            return { tenant: tenant.name, auditEntries: auditEntries.toString(), head: { seq, hash }, findings };
          },
          { statementTimeoutMs: 0, isolation: 'repeatable read' },
        ),
      );
    }
    print({ tenants: verified }, options.json, inWords);
    if (verified.some((one) => one.findings.length > 0)) process.exitCode = 1;
  });
}

function inWords({ tenants }: { readonly tenants: readonly Verified[] }): string {
  if (tenants.length === 0) return 'There is no tenant to verify.';
  return tenants
    .map(({ tenant, auditEntries, head, findings }) =>
      findings.length === 0
        ? `${tenant}: everything agrees. ${auditEntries} audit entries, chain ends ${head.seq} ${head.hash}.`
        : [
            `${tenant}: ${findings.length} differences.`,
            ...findings.map((found) => `  ${found.room}/${found.check}: ${found.sentence}`),
          ].join('\n'),
    )
    .join('\n');
}
