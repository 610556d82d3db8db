import type { Migration } from './migration.ts'
import { onCluster, storageTable } from './topology.ts'

/** Statistics of columns serve the order of joins. None of these is joined, and each paid for them at every insert and merge. */
const NO_STATISTICS = `auto_statistics_types = ''`
const TABLES = [
  'series',
  'histograms',
  'exponential_histograms',
  'exemplars',
  'trace_index',
  'check_runs',
  'slices',
  'rollup_5m',
  'rollup_1h',
  'service_rollup_1m',
  'service_edges',
] as const

/** Events come as fast as samples do, and a merge of their text indexes costs more: merged as seldom as samples (version 3). */
const EVENTS = ['logs', 'spans'] as const
const MERGED_SELDOM = 'min_parts_to_merge_at_once = 8, merge_selector_base = 7'

/** Less work for the same rows. Changes what is done from now on, no row that is stored. */
export const cheaperMerges: Migration = {
  version: 7,
  name: 'cheaper merges',
  steps: (topology) => {
    const set = (table: string, settings: string) =>
      `ALTER TABLE ${storageTable(table, topology)}${onCluster(topology)} MODIFY SETTING ${settings}`
    return [
      ...TABLES.map((table) => set(table, NO_STATISTICS)),
      ...EVENTS.map((table) => set(table, `${NO_STATISTICS}, ${MERGED_SELDOM}`)),
    ]
  },
}
