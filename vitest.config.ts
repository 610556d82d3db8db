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
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,packages,prisma,e2e}/**/*.test.{ts,tsx}'],
          exclude: [...ignored, '**/*.int.test.ts'],
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
          maxWorkers: 3,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
