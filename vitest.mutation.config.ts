import { defineConfig } from 'vitest/config';

/** The tests that judge a mutant of the pure compliance code: the quick ones, because each mutant meets them all. */
export default defineConfig({
  test: {
    include: ['src/modules/compliance/**/*.test.ts'],
    exclude: ['**/*.db.test.ts', '**/*.property.test.ts', '**/packs/mutation.test.ts'],
    isolate: false,
  },
});
