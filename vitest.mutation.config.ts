import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A mutant is done with at the first test that fails: those that load no packs go first, the cases of the packs last. */
class QuickFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const cost = ({ moduleId }: TestSpecification) =>
      Number(/\/packs\/|\/decide\.|\/rule-pack\./.test(moduleId)) + Number(moduleId.endsWith('/cases.test.ts'));
    return Promise.resolve([...files].sort((a, b) => cost(a) - cost(b)));
  }
}

/** The tests that judge a mutant of the pure compliance code: the quick ones, because most mutants meet most of them. */
export default defineConfig({
  test: {
    include: ['src/modules/compliance/**/*.test.ts'],
    exclude: ['**/*.db.test.ts', '**/*.property.test.ts', '**/packs/mutation.test.ts'],
    isolate: false,
    testTimeout: 120_000,
    sequence: { sequencer: QuickFirst },
  },
});
