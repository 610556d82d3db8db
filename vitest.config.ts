import { defineConfig } from 'vitest/config'
import { LongestFirst } from './packages/testkit/src/longest-first.ts'

const ignored = ['**/node_modules/**', '**/dist/**']

/**
 * `unit` is pure and touches nothing outside the process; `integration` runs on real PostgreSQL, Redis and ClickHouse.
 *
 * The files of a worker share its modules (`isolate: false`): importing them anew for each file took a quarter of the time.
 * So a test must leave nothing behind in a module, in a global or in the environment, and stop whatever it starts.
 */
export default defineConfig({
  test: {
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // For what hangs. Thousands of random cases take seconds on a machine that has other work.
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,packages,prisma,e2e}/**/*.test.{ts,tsx}'],
          exclude: [...ignored, '**/*.int.test.ts'],
          // Vitest leaves a processor to itself, which of two is half.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['{apps,packages,prisma,e2e}/**/*.int.test.ts'],
          exclude: ignored,
          globalSetup: ['packages/testkit/src/global-setup.ts'],
          pool: 'forks',
          // One more than two processors: many of these tests wait for a lease to end or a process to come up.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
