import type { Migration } from './migration.ts'

/**
 * Fewer merges of samples, and no statistics of their columns. Changes what is done from now on, no row that is stored.
 *
 * - Eight parts or more are merged at once. ClickHouse takes fewer where they are some seconds old, so that a row was
 *   rewritten once more on its way to a large part. OPTIMIZE, and parts whose retention has passed, know no such limit.
 * - What is merged is to be seven times its largest part (five by default, where 5 MB are added to the size of each part):
 *   three parts that came of merges, and five of inserts, were merged to one as soon as they lay there, so that every row
 *   was rewritten twice within a minute.
 * - Statistics of columns serve the order of joins; samples are joined to nothing, and pay at every insert and merge.
 */
export const CHEAPER_SAMPLES = { min_parts_to_merge_at_once: 8, merge_selector_base: 7, auto_statistics_types: "''" }

const LIST = Object.entries(CHEAPER_SAMPLES)
  .map(([name, value]) => `${name} = ${value}`)
  .join(', ')

export const cheaperSamples: Migration = {
  version: 3,
  name: 'cheaper samples',
  // A cluster has samples from version 5 on, with these settings.
  steps: ({ cluster }) => (cluster === undefined ? [`ALTER TABLE samples MODIFY SETTING ${LIST}`] : []),
}
