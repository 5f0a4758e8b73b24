// `npm run notices`: writes THIRD-PARTY-NOTICES.md from the lock file and what is installed. Fails on a licence we do not link in.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const allowed =
  /\b(MIT|MIT-0|BSD|BSD-2-Clause|BSD-3-Clause|0BSD|Apache-2\.0|ISC|MPL-2\.0|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-3\.0|CC-BY-4\.0|Unlicense|Python-2\.0|PostgreSQL|Zlib|Unicode-DFS-2016|PSF-2.0)\b/;
const root = join(import.meta.dirname, '..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
// Bundled into the web app although npm calls them development dependencies.
const bundled =
  /^(react|react-dom|scheduler|@mantine\/|@tanstack\/|@floating-ui\/|dayjs|echarts|zrender|clsx|use-|tslib|react-)/;

const rows = [];
const refused = [];
for (const [path, entry] of Object.entries(lock)) {
  if (path === '' || !path.startsWith('node_modules/')) continue;
  const name = path.slice(path.lastIndexOf('node_modules/') + 13);
  if (entry.dev && !bundled.test(name)) continue;
  const manifest = join(root, path, 'package.json');
  const installed = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {};
  const licence = String(
    entry.license ?? installed.license?.type ?? installed.license ?? installed.licenses?.[0]?.type ?? 'unknown',
  );
  if (!allowed.test(licence)) refused.push(`${name} ${entry.version}: ${licence}`);
  const author = typeof installed.author === 'string' ? installed.author : installed.author?.name;
  rows.push(`| ${name} | ${entry.version} | ${licence} | ${(author ?? '').replace(/[|<].*$/, '').trim()} |`);
}
rows.sort();
if (refused.length > 0) {
  process.stderr.write(`These packages have licences Dunwell does not link in:\n  ${refused.join('\n  ')}\n`);
  process.exit(1);
}
writeFileSync(
  join(root, 'THIRD-PARTY-NOTICES.md'),
  `# Third-party notices

Dunwell stands on the packages below, installed from the npm registry with their licence texts. Public-holiday data in \`date-holidays\` is
© its contributors under CC-BY-3.0. The typeface Inter in \`ui/kit/fonts\` and \`src/modules/outreach/letters/fonts\` is © The Inter Project Authors under the SIL Open Font License 1.1. The embedded PostgreSQL is © The PostgreSQL Global Development Group under the PostgreSQL licence.

| package | version | licence | author |
|---|---|---|---|
${[...new Set(rows)].join('\n')}
`,
);
process.stdout.write(`${rows.length} packages.\n`);
