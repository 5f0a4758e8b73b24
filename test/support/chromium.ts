import { existsSync } from 'node:fs';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser for tests: DUNWELL_CHROMIUM, an installed one, or the bundled one (unpacked once, about 3 s). */
export async function findChromium(): Promise<string> {
  const named = process.env['DUNWELL_CHROMIUM'];
  if (named) {
    if (!existsSync(named)) throw new Error(`DUNWELL_CHROMIUM names ${named}, which does not exist.`);
    return named;
  }
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed) return installed;
  const { default: bundled } = await import('@sparticuz/chromium');
  return bundled.executablePath();
}
