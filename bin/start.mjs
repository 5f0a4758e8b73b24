// `npm start`: everything from a bare clone to a served page. `--empty` opens the first-run page instead of the demo.
import { buildUi, install, requireNode, runCommand } from './setup.mjs';

requireNode();
await install();
await buildUi();
const given = process.argv.slice(2);
const mode = given.includes('--empty') ? [] : ['--demo'];
await runCommand(['serve', ...mode, ...given]);
