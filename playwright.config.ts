import { defineConfig } from '@playwright/test';
import { findChromium } from './test/support/chromium.ts';

export default defineConfig({
  testMatch: '**/*.spec.ts',
  projects: [
    { name: 'browser', testDir: 'test/browser' },
    // Told with the files beside the checkout; only `npm run test:shared` runs it.
    { name: 'shared', testDir: 'test/shared' },
  ],
  outputDir: 'test-results/browser',
  // The machine that runs these has few cores, and each spec may serve an installation of its own. Times are only there to end
  // what hangs: how fast something is, is for the benchmarks.
  workers: 2,
  timeout: 1_200_000,
  expect: { timeout: 90_000 },
  forbidOnly: true,
  use: {
    browserName: 'chromium',
    channel: undefined,
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    timezoneId: 'America/New_York',
    // A trace records every step of what passes, too; `--trace on` takes one of what is being looked into.
    trace: 'off',
    screenshot: 'only-on-failure',
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 120_000,
    navigationTimeout: 120_000,
    launchOptions: { executablePath: await findChromium(), args: ['--disable-dev-shm-usage'] },
  },
});
