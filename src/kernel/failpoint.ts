/** Places where a test may kill the process, to see what is left behind. */
export type Failpoint =
  | 'after-claim'
  | 'after-render'
  | 'after-permit'
  | 'after-sending-commit'
  | 'after-handed-over-commit'
  | 'during-smtp'
  | 'after-smtp-before-record'
  | 'after-record'
  | 'after-events-taken'
  | 'during-run'
  | 'after-run'
  | 'before-events-commit'
  | 'before-holds-commit';

/**
 * Kills this process at once, as a power cut would, when `DUNWELL_FAILPOINT` names this place. `DUNWELL_FAILPOINT=name:3` spares
 * the first two times. Does nothing unless `NODE_ENV=test` or `DUNWELL_ALLOW_FAILPOINTS=1`.
 */
export function failpoint(name: Failpoint): void {
  if (armed === null || armed.name !== name) return;
  armed.passes -= 1;
  if (armed.passes <= 0) process.kill(process.pid, 'SIGKILL');
}

// Read once: this is no setting but a way into the middle of a step, and must cost nothing when unset.
const armed: { readonly name: string; passes: number } | null = readArmed(process.env);

function readArmed(env: NodeJS.ProcessEnv): { name: string; passes: number } | null {
  const wanted = env['DUNWELL_FAILPOINT'];
  if (!wanted || (env['NODE_ENV'] !== 'test' && env['DUNWELL_ALLOW_FAILPOINTS'] !== '1')) return null;
  const [name = '', passes] = wanted.split(':');
  return { name, passes: Number(passes ?? 1) };
}
