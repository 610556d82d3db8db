import type { BlockBuilder } from '../block/block-builder.ts'
import type { ColumnTable } from '../columns/column-table.ts'
import { BucketCounter, DURATION_SCALE } from './duration-buckets.ts'
import { RedGroup } from './red-group.ts'
import type { RedOperation } from './red-operation.ts'
import type { RedOperations } from './red-operations.ts'
import { SpanColumns } from './span-columns.ts'

const MINUTE_MS = 60_000
const NANOS_PER_SECOND = 1e9

type Groups = Map<RedOperation, RedGroup[]>

/**
 * Request rate, errors and duration of spans: adds to the builder, for each operation, kind, status and minute in which
 * spans ended, a delta sum of calls and a delta histogram of seconds with the slowest spans as exemplars. Names and labels
 * are those of OpenTelemetry's span metrics connector.
 *
 * `spans` are the tables of one batch of the builder's workspace. However spans are shared out among batches, the rows of
 * all batches together say the same. `batchAt` (epoch ms) is when the batch was made and no other batch's: it gives the
 * batch's points instants of their own, since two points of one series at one instant count as one.
 */
export function redOf(
  spans: readonly ColumnTable[],
  builder: BlockBuilder,
  operations: RedOperations,
  batchAt: number,
): void {
  const groups: Groups = new Map()
  for (const table of spans) collect(new SpanColumns(table), groups, builder, operations)
  const counter = new BucketCounter()
  for (const [operation, ofOperation] of groups)
    for (const group of ofOperation) writeGroup(operation, group, instantIn(group.minute, batchAt), builder, counter)
}

function collect(columns: SpanColumns, groups: Groups, builder: BlockBuilder, operations: RedOperations): void {
  const { rows, service, name } = columns
  const { workspace, receivedAt } = builder
  let operation: RedOperation | undefined
  let ofOperation: RedGroup[] = []
  for (let row = 0; row < rows; row++) {
    const isSameService = service.next()
    const isSameName = name.next()
    if (!operation || !isSameService || !isSameName) {
      operation = operations.find(workspace, service, name, receivedAt)
      const known = groups.get(operation)
      ofOperation = known ?? []
      if (!known) groups.set(operation, ofOperation)
    }
    const end = columns.endMs(row)
    groupOf(ofOperation, columns.kind(row), columns.status(row), end - (end % MINUTE_MS)).add(columns, row)
  }
}

function groupOf(groups: RedGroup[], kind: number, status: number, minute: number): RedGroup {
  // Few: most operations have one kind and a batch spans little time.
  for (const group of groups)
    if (group.kind === kind && group.status === status && group.minute === minute) return group
  const made = new RedGroup(kind, status, minute)
  groups.push(made)
  return made
}

/**
 * An instant in the minute (start, start + 60 s] for the points of a batch: its own time, which no other batch has, or for
 * a minute that is over one made from it, which another batch for the same old minute has once in 59,998 times.
 */
function instantIn(start: number, batchAt: number): number {
  if (batchAt > start && batchAt <= start + MINUTE_MS) return batchAt
  return start + 1 + ((batchAt * 7_919) % (MINUTE_MS - 2))
}

function writeGroup(
  operation: RedOperation,
  group: RedGroup,
  at: number,
  builder: BlockBuilder,
  counter: BucketCounter,
): void {
  const { minute: start, count } = group
  const { calls, duration } = operation.seriesOf(group.kind, group.status)
  if (calls) builder.addSample(calls, at, start, count)
  if (!duration) return
  const { offset, counts } = counter.count(group.buckets)
  builder.addExponentialHistogram(duration, {
    at,
    start,
    count,
    sum: group.sum / NANOS_PER_SECOND,
    min: group.min / NANOS_PER_SECOND,
    max: group.max / NANOS_PER_SECOND,
    scale: DURATION_SCALE,
    zeroThreshold: 0,
    zeroCount: group.zeros,
    positiveOffset: offset,
    positiveCounts: counts,
    negativeOffset: 0,
    negativeCounts: [],
  })
  for (const { columns, row, duration: nanos } of group.slowest)
    builder.addExemplar(duration, {
      at: columns.endMs(row),
      value: nanos / NANOS_PER_SECOND,
      traceId: columns.traceId(row),
      spanId: columns.spanId(row),
      labels: {},
    })
}
