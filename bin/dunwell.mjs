#!/usr/bin/env node
// `npx dunwell …` and `npm run dunwell -- …`: any command, from a checkout that may not be installed yet.
import { buildUi, install, requireNode, runCommand } from './setup.mjs';

requireNode();
await install();
const args = process.argv.slice(2);
if (args[0] === 'build-ui') await buildUi({ always: true });
else {
  const onlyAsks = args.some((arg) => arg === '--help' || arg === '-h');
  if (args[0] === 'serve' && !onlyAsks) await buildUi();
  await runCommand(args);
}
