import type { SparseBuckets } from '../metrics/sparse-buckets.ts'
import type { NativeSide } from './native-histogram.ts'

/**
 * The buckets of one side that count anything, by the index that the spans give them, or why they are malformed. The
 * first span's offset is where it starts, every other's the gap behind the span before; an integer histogram says each
 * count as the difference from the bucket before. Indexes are Prometheus': bucket i of an exponential schema counts
 * values in (base^(i-1), base^i].
 */
export function bucketsOfSpans({ spans, deltas, counts }: NativeSide, isFloat: boolean): SparseBuckets | string {
  const items = isFloat ? counts : deltas
  const found: SparseBuckets = { indexes: [], counts: [] }
  let index = 0
  let item = 0
  let count = 0
  for (let span = 0; span < spans.length; span += 2) {
    const [offset, length] = [spans[span]!, spans[span + 1]!]
    if (span > 0 && offset < 0) return 'a span of buckets has a negative gap before it'
    index += offset
    if (length > items.length - item) return 'spans name more buckets than there are'
    for (const end = item + length; item < end; item++, index++) {
      count = isFloat ? items[item]! : count + items[item]!
      if (!(count >= 0)) return 'a bucket has a negative count'
      if (count === 0) continue
      found.indexes.push(index)
      found.counts.push(count)
    }
  }
  return item === items.length ? found : 'spans name fewer buckets than there are'
}
