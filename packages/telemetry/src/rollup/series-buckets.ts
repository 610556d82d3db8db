import { instant } from './rollup-range.ts'
import { stepBetween, VALID_SAMPLES } from './sample-steps.ts'

export interface BucketsOptions {
  /** How far before the range the last sample of before may lie. */
  reachMs: number
  /** Tells by `time` and `time_before`, ms after the start of the range, which steps count. */
  isReached: string
  /** Condition for the series in question. */
  of: string
}

/** Offsets of instants are ms after the `from` of the range; this one lies before every sample. */
const NEVER = -(2 ** 46)

/**
 * The samples of each series in (from, to] by ascending time and value, with the last one of before. Times are offsets:
 * half the bytes. Blocks come about in the order of time, so that arrays seldom have to be sorted; pairs of both are
 * sorted at five times the price.
 */
function sortedSamples({ reachMs, of }: BucketsOptions): string {
  const gathered = `SELECT workspace, series, max(retention) AS retention,
  groupArray(toUInt32(toUnixTimestamp64Milli(at) - {from:Int64})) AS some_times, groupArray(value) AS some_values
FROM samples
WHERE ${of} AND at > ${instant('from')} AND at <= ${instant('to')} AND ${VALID_SAMPLES}
GROUP BY workspace, series`
  return `SELECT workspace, series, retention,
  arrayAll((a, b) -> a < b, arrayPopBack(some_times), arrayPopFront(some_times)) AS is_strict,
  if(is_strict, some_times, arraySort(some_times)) AS times,
  if(is_strict, some_values, arrayMap(pair -> pair.2, arraySort(arrayZip(some_times, some_values)))) AS values,
  before, if(before_ms = 0, ${NEVER}, before_ms - {from:Int64}) AS before_time
FROM (${gathered}) AS g
LEFT ANY JOIN (${lastBefore({ reachMs, of })}) AS b USING (workspace, series)`
}

/**
 * The last sample of each series before the range, from the buckets of 5 minutes that begin up to `reachMs` (an hour at
 * most) before; of a bucket that was computed more than once, from the newest. Time (22 bits) and revision (42 bits,
 * enough until 2109) are compared as one number: a pair of them costs four times as much.
 */
function lastBefore({ reachMs, of }: Pick<BucketsOptions, 'reachMs' | 'of'>): string {
  return `SELECT workspace, series,
  argMax(r.last, bitShiftLeft(toUInt64(toUnixTimestamp64Milli(r.last_at) + ${reachMs} - {from:Int64}), 42) + r.revision)
    AS before,
  toUnixTimestamp64Milli(max(r.last_at)) AS before_ms
FROM rollup_5m AS r
WHERE ${of} AND r.at >= ${instant('from', -reachMs)} AND r.at < ${instant('from')}
GROUP BY workspace, series`
}

/** Samples with the step to each from the one before, zero where that is out of reach, and where a bucket begins. */
function steps(options: BucketsOptions): string {
  const { isReached } = options
  return `SELECT workspace, series, retention, is_strict, times, values,
  arrayPushFront(arrayPopBack(times), before_time) AS times_before,
  arrayMap((value, value_before, time, time_before) ->
      if(${isReached}, ${stepBetween('value_before', 'value')}, 0),
    values, arrayPushFront(arrayPopBack(values), before), times, times_before) AS increases,
  arrayMap((time, time_before) -> ${START} != intDiv(time_before - 1, {width:UInt32}), times, times_before) AS begins,
  arrayPushBack(arrayMap((time, next) -> time != next, arrayPopBack(times), arrayPopFront(times)), true) AS is_last
FROM (${sortedSamples(options)})`
}

const START = 'intDiv(time - 1, {width:UInt32})'

/**
 * One row a series and bucket (start, start + width]: `bucket` counted from the start of the range, `times`, `values` and
 * `increases` of its samples. Of two samples at one instant only the higher one is kept, but the steps to both are.
 *
 * All is done with arrays of one series each: window functions and a grouping by bucket cost three times as much.
 */
export function seriesBuckets(options: BucketsOptions): string {
  const whole = `SELECT workspace, series, retention, is_strict,
  arraySplit((x, begin) -> begin, times, begins) AS all_times,
  arraySplit((x, begin) -> begin, values, begins) AS all_values,
  arraySplit((x, begin) -> begin, increases, begins) AS all_increases,
  arraySplit((x, begin) -> begin, is_last, begins) AS all_last
FROM (${steps(options)})`
  return `SELECT workspace, series, retention, intDiv(some_times[1] - 1, {width:UInt32}) AS bucket,
  if(is_strict, some_times, arrayFilter((x, last) -> last, some_times, some_last)) AS times,
  if(is_strict, some_values, arrayFilter((x, last) -> last, some_values, some_last)) AS values,
  arraySum(some_increases) AS increase
FROM (${whole})
ARRAY JOIN all_times AS some_times, all_values AS some_values, all_increases AS some_increases, all_last AS some_last`
}
