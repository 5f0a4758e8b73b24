import { defineConfig } from 'vitest/config';

const database = { globalSetup: ['test/support/global-setup.ts'], hookTimeout: 180_000 };

export default defineConfig({
  test: {
    reporters: ['default'],
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'bin/**/*.test.ts', 'db/**/*.test.ts', 'ui/**/*.test.ts'],
          exclude: ['**/*.db.test.ts'],
          isolate: false,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'db',
          include: ['src/**/*.db.test.ts', 'db/**/*.db.test.ts', 'test/scenarios/**/*.test.ts'],
          testTimeout: 180_000,
          ...database,
        },
      },
      {
        test: {
          name: 'architecture',
          include: ['test/architecture/**/*.test.ts'],
          testTimeout: 180_000,
          ...database,
        },
      },
      {
        test: {
          name: 'http',
          include: ['test/http/**/*.test.ts'],
          testTimeout: 180_000,
          ...database,
        },
      },
      {
        test: {
          name: 'shared',
          include: ['test/shared/**/*.test.ts'],
          testTimeout: 600_000,
          ...database,
        },
      },
    ],
  },
});
