import { startEmbedded } from '../../src/kernel/embedded-postgres.ts';

// A Dunwell process reduced to its database: starts or joins the server of a data directory, says so, stops when told.
const embedded = await startEmbedded({ dataDir: process.argv[2] ?? '' });
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  void embedded.stop().then(() => process.exit(0));
});
