import type { Migration } from './migration.ts'
import { onCluster, storageTable } from './topology.ts'

export const HOUR = `toStartOfHour(minute, 'UTC')`
/** A minute as a bit of its hour. */
export const BIT = `bitShiftLeft(toUInt64(1), toMinute(minute, 'UTC'))`
/** What targets let be bad, a little less: 10 %, 5 %, 1 %, 0.5 %, 0.1 %, 0.05 % and 0.01 %. */
export const BURN_SHARES = [
  '0.0999999999',
  '0.0499999999',
  '0.0099999999',
  '0.0049999999',
  '0.0009999999',
  '0.0004999999',
  '0.0000999999',
]

/** Sums of the hours of each SLO version over all revisions, and minutes as bits: measured, with events, not all good, bad beyond a share. */
const HOURS = `SELECT workspace, slo_id, version, ${HOUR},
    sum(good), sum(total), count(),
    groupBitOr(${BIT}),
    groupBitOr(if(total > 0, ${BIT}, 0)),
    groupBitOr(if(good != total, ${BIT}, 0)),
    ${BURN_SHARES.map((share) => `groupBitOr(if(total > 0 AND (total - good) / total > ${share}, ${BIT}, 0))`).join(',\n    ')},
    min(revision), max(revision)
  GROUP BY workspace, slo_id, version, ${HOUR}`

/**
 * Slices by hour, kept by ClickHouse beside each part of the table and made anew when parts are merged: so they are always those of the
 * part's rows, whatever came late, twice or in which order, and no process has to follow what changes. Parts that were stored before get
 * theirs in the background (a mutation, which a restart takes up again); until then their rows are summed up when asked for.
 *
 * `slo_id` is the same in thousands of rows: LZ4 reads it in a third of the time and takes less room.
 */
export const hoursOfSlices: Migration = {
  version: 8,
  name: 'hours of slices',
  steps: (topology) => {
    const alter = `ALTER TABLE ${storageTable('slices', topology)}${onCluster(topology)}`
    return [
      `${alter} MODIFY COLUMN slo_id CODEC(LZ4)`,
      `${alter} MODIFY SETTING deduplicate_merge_projection_mode = 'rebuild'`,
      `${alter} ADD PROJECTION IF NOT EXISTS hours (${HOURS})`,
      // Answers at once: the work is done in the background.
      `${alter} MATERIALIZE PROJECTION hours SETTINGS mutations_sync = 0`,
    ]
  },
}
