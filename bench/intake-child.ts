import { takeInFile } from '../src/flows/sample/take-in-file.ts';
import type { ServerAddress } from '../src/kernel/db.ts';
import { installationAt } from './bench-server.ts';
import { benchActor, benchClient, benchTenant } from './portfolio.ts';

// One import in a process of its own, so that its memory is its own: takes a file in and prints seconds and peak memory.
const { address, folder, path } = JSON.parse(process.argv[2] ?? '{}') as {
  address: ServerAddress;
  folder: string;
  path: string;
};
const installation = installationAt(address, folder);
const start = performance.now();
const ended = await takeInFile(installation, benchTenant(1), benchActor, {
  clientId: benchClient(1),
  target: 'items',
  path,
  until: null,
});
const seconds = (performance.now() - start) / 1000;
process.stdout.write(
  `${JSON.stringify({ seconds, cpu: (process.cpuUsage().user + process.cpuUsage().system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024, items: ended.counts.itemsCreated ?? 0 })}\n`,
);
await installation.close();
