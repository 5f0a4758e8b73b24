// `npm run bench -- NAME [--accounts N] [--json]`.
import { install, requireNode, runCommand } from './setup.mjs';

requireNode();
await install();
await runCommand(['bench', ...process.argv.slice(2)]);
