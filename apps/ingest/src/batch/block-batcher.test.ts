import { ManualClock, NinesError } from '@nines/kernel'
import { DEFAULT_RETENTION, SeriesCache, type Block, type BlockBuilder } from '@nines/wire'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { BlockBatcher } from './block-batcher.ts'

const definition = {
  metric: 'm',
  kind: 'gauge' as const,
  temporality: 'unspecified' as const,
  monotonic: false,
  unit: '',
  description: '',
  labels: {},
}
const cache = new SeriesCache()
const row =
  (value: number, workspace = 1) =>
  (builder: BlockBuilder) =>
    builder.addSample(cache.resolve(workspace, definition)!, 1, 0, value)
const valuesOf = (block: Block) => [...block.samples.value]

let blocks: Block[]
let append: (block: Block, requests: readonly Buffer[]) => Promise<readonly number[]>
const keep = async (block: Block) => {
  blocks.push(block)
  return []
}
const batcherWith = (extra: { maxRows?: number; maxBytes?: number; maxPendingBytes?: number } = {}) =>
  new BlockBatcher({
    append: (block, requests) => append(block, requests),
    clock: new ManualClock(5_000),
    lingerMs: 20,
    ...extra,
  })

beforeEach(() => {
  vi.useFakeTimers()
  blocks = []
  append = keep
})
afterEach(() => {
  vi.useRealTimers()
})

describe('when a block leaves', () => {
  test('after the linger time, with the rows of all requests, a block for each workspace', async () => {
    const batcher = batcherWith()
    const waiting = [row(1), row(2)].map((fill) => batcher.add(1, DEFAULT_RETENTION, fill).stored)
    waiting.push(batcher.add(2, DEFAULT_RETENTION, row(3, 2)).stored)
    vi.advanceTimersByTime(19)
    expect(blocks).toEqual([])
    vi.advanceTimersByTime(1)
    await Promise.all(waiting)
    expect(blocks.map((b) => [b.workspace, b.receivedAt, valuesOf(b)])).toEqual([
      [1, 5_000, [1, 2]],
      [2, 5_000, [3]],
    ])
  })

  test('at once when it has enough rows or bytes', async () => {
    const byRows = batcherWith({ maxRows: 2 })
    byRows.add(1, DEFAULT_RETENTION, row(1))
    await byRows.add(1, DEFAULT_RETENTION, row(2)).stored
    const byBytes = batcherWith({ maxBytes: 1 })
    await byBytes.add(1, DEFAULT_RETENTION, row(3)).stored
    expect(blocks.map(valuesOf)).toEqual([[1, 2], [3]])
  })

  test('on drain, which waits for appends under way', async () => {
    const batcher = batcherWith()
    const { stored } = batcher.add(1, DEFAULT_RETENTION, row(1))
    await batcher.drain()
    expect(blocks.map(valuesOf)).toEqual([[1]])
    await stored
  })
})

describe('what a request learns', () => {
  test('a failed append fails the requests of its block and no other', async () => {
    const batcher = batcherWith()
    append = async (block) => {
      if (valuesOf(block).includes(1)) throw new NinesError('unavailable', 'away')
      return keep(block)
    }
    const failed = [batcher.add(1, DEFAULT_RETENTION, row(1)).stored, batcher.add(1, DEFAULT_RETENTION, row(2)).stored]
    const outcomes = Promise.allSettled([...failed, batcher.add(2, DEFAULT_RETENTION, row(3, 2)).stored])
    vi.advanceTimersByTime(20)
    expect((await outcomes).map((o) => o.status)).toEqual(['rejected', 'rejected', 'fulfilled'])
    const { stored } = batcher.add(1, DEFAULT_RETENTION, row(4))
    vi.advanceTimersByTime(20)
    await stored
    expect(blocks.map(valuesOf)).toEqual([[3], [4]])
  })

  test('what a failed append may still have to send is not written over', async () => {
    const batcher = batcherWith()
    const unsent: Block[] = []
    append = async (block) => {
      unsent.push(block)
      throw new NinesError('unavailable', 'no answer in time')
    }
    const failed = batcher.add(1, DEFAULT_RETENTION, row(1)).stored
    vi.advanceTimersByTime(20)
    await expect(failed).rejects.toThrow('no answer')
    append = keep
    const { stored } = batcher.add(1, DEFAULT_RETENTION, row(2))
    vi.advanceTimersByTime(20)
    await stored
    expect([...unsent, ...blocks].map(valuesOf)).toEqual([[1], [2]])
  })

  test('a request that fails half way leaves no row and disturbs nobody', async () => {
    const batcher = batcherWith()
    const first = batcher.add(1, DEFAULT_RETENTION, row(1)).stored
    expect(() =>
      batcher.add(1, DEFAULT_RETENTION, (builder) => {
        row(2)(builder)
        throw new NinesError('bad_request', 'cut off')
      }),
    ).toThrow('cut off')
    const last = batcher.add(1, DEFAULT_RETENTION, row(3)).stored
    vi.advanceTimersByTime(20)
    await Promise.all([first, last])
    expect(blocks.map(valuesOf)).toEqual([[1, 3]])
  })

  test('a request without rows is done at once and makes no block', async () => {
    const batcher = batcherWith()
    const { result, stored } = batcher.add(1, DEFAULT_RETENTION, () => 'nothing')
    await stored
    vi.advanceTimersByTime(20)
    await batcher.drain()
    expect([result, blocks]).toEqual(['nothing', []])
  })

  test('while too much waits for a slow stream, more is refused', async () => {
    const batcher = batcherWith({ maxRows: 1, maxPendingBytes: 10 })
    const slow = Promise.withResolvers<readonly number[]>()
    append = () => slow.promise
    const { stored } = batcher.add(1, DEFAULT_RETENTION, row(1))
    expect(() => batcher.add(1, DEFAULT_RETENTION, row(2))).toThrow(/too slowly/)
    slow.resolve([])
    await stored
    await batcher.drain()
    append = keep
    await batcher.add(1, DEFAULT_RETENTION, row(3)).stored
    expect(blocks.map(valuesOf)).toEqual([[3]])
  })
})

describe('a request that comes again', () => {
  const [one, two, three] = ['one', 'two', 'three'].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer]

  test('is left out of its block where the stream has it, and answered like the others', async () => {
    const batcher = batcherWith()
    const asked: string[][] = []
    append = async (block, requests) => {
      asked.push(requests.map(String))
      const repeated = requests.flatMap((id, place) => (id.equals(two) ? [place] : []))
      return repeated.length > 0 ? repeated : keep(block)
    }
    const waiting = [
      batcher.add(1, DEFAULT_RETENTION, row(0)),
      batcher.add(1, DEFAULT_RETENTION, row(1), one),
      batcher.add(1, DEFAULT_RETENTION, row(2), two),
      batcher.add(1, DEFAULT_RETENTION, row(3), three),
    ]
    vi.advanceTimersByTime(20)
    await Promise.all(waiting.map(({ stored }) => stored))
    expect(asked).toEqual([
      ['one', 'two', 'three'],
      ['one', 'three'],
    ])
    expect(blocks.map(valuesOf)).toEqual([[0, 1, 3]])
  })

  test('leaves no block behind when it was all there was', async () => {
    const batcher = batcherWith()
    append = async (_block, requests) => requests.map((_, place) => place)
    const { stored } = batcher.add(1, DEFAULT_RETENTION, row(1), one)
    vi.advanceTimersByTime(20)
    await stored
    expect(blocks).toEqual([])
  })

  test('while the first still waits is one with it', async () => {
    const batcher = batcherWith()
    const waiting = [row(1), row(1)].map((fill) => batcher.add(1, DEFAULT_RETENTION, fill, one).stored)
    vi.advanceTimersByTime(20)
    await Promise.all(waiting)
    expect(blocks.map(valuesOf)).toEqual([[1]])
  })
})
