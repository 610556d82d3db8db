import { REST_LIMIT, UNITS, WHOLE_LIMIT } from './bucket-units.ts'

const VALUES = ['max', 'min', 'sum'] as const

/** Columns of rows that insertBuckets takes; only rollup_5m has the last two. */
const KEY = 'workspace, retention, series, at'
const STORED = `${KEY}, unit, max_whole, max_rest, min_whole, min_rest, sum_whole, sum_rest, count, increase, revision`

/**
 * The statement that stores buckets in rollup_5m or rollup_1h.
 *
 * @param plain a SELECT of workspace, retention, series, at, min, max, sum, count, increase and revision; for rollup_5m also
 *   of last and last_at. To be run with prefer_column_name_to_alias.
 */
export function insertBuckets(table: 'rollup_5m' | 'rollup_1h', plain: string): string {
  const units = UNITS.map((unit) => `${fits(unit)}, ${unit}`).join(', ')
  const withUnit = `SELECT *, toUInt16(multiIf(${units}, 0)) AS unit FROM (${plain})`
  const wholes = VALUES.map((value) => `if(unit = 0, ${bits(value)}, ${whole(value, 'unit')}) AS whole_${value}`)
  const withWholes = `SELECT *, ${wholes.join(', ')}, if(unit = 0, 0, ${whole('increase', 'unit')}) AS whole_increase
FROM (${withUnit})`
  const last = table === 'rollup_5m'
  return `INSERT INTO ${table} (${STORED}${last ? ', last_bits, last_after' : ''})
SELECT ${KEY}, unit, whole_max, ${rest('max')}, whole_max - whole_min - whole_increase, ${rest('min')},
  whole_sum - if(unit = 0, whole_max, intDiv((whole_max + whole_min) * count, 2)), ${rest('sum')}, count, increase, revision
  ${last ? `, ${LAST}` : ''}
FROM (${withWholes})`
}

const LAST = `bitXor(reinterpretAsUInt64(last), reinterpretAsUInt64(max)),
  toUInt32(toUnixTimestamp64Milli(last_at) - toUnixTimestamp64Milli(at))`

function fits(unit: number): string {
  const isSmall = `abs(max * ${unit}) * greatest(count, 1) < ${WHOLE_LIMIT}
    AND abs(min * ${unit}) * greatest(count, 1) < ${WHOLE_LIMIT}
    AND abs(sum * ${unit}) < ${WHOLE_LIMIT} AND abs(increase * ${unit}) < ${WHOLE_LIMIT}`
  const near = VALUES.map((value) => `abs(${bits(value)} - ${bits(`floor(${value} * ${unit} + 0.5) / ${unit}`)})`)
  return `${isSmall} AND ${near.map((difference) => `${difference} < ${REST_LIMIT}`).join(' AND ')}`
}

function whole(value: string, unit: string): string {
  return `toInt64(floor(${value} * ${unit} + 0.5))`
}

function rest(value: (typeof VALUES)[number]): string {
  return `if(unit = 0, 0, toInt32(${bits(value)} - ${bits(`whole_${value} / unit`)}))`
}

function bits(value: string): string {
  return `reinterpretAsInt64(${value})`
}
