import { useServices } from '@nines/testkit'
import { emptyBlock, type Block } from '@nines/wire'
import { Redis } from 'ioredis'
import { afterAll, expect, test } from 'vitest'
import { createBlockStream } from './block-stream.ts'

const services = await useServices()
const stream = createBlockStream({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
const raw = new Redis(services.redisUrl)
afterAll(async () => {
  await stream.close()
  raw.disconnect()
})

/** Columns of some are copied, of others sent from where they lie; `rows` * 8 bytes each. */
const blockOf = (rows: number): Block => ({
  ...emptyBlock(rows, 1_000),
  samples: {
    series: BigUint64Array.from({ length: rows }, (_, i) => BigInt(i) * 0x0d0a_0d0a_0d0an),
    at: Float64Array.from({ length: rows }, (_, i) => i),
    start: new Float64Array(rows),
    value: Float64Array.from({ length: rows }, (_, i) => rows / i),
  },
})
const rowsOf = ({ samples }: Block) => [[...samples.series], [...samples.at], [...samples.value]]

test('blocks of every size that are sent at once, with other commands between, come whole and in order', async () => {
  const sizes = [1, 1_023, 1_024, 1_025, 100_000, 3, 300_000, 2]
  const blocks = sizes.map(blockOf)
  const done = blocks.map(async (block, i) => [await stream.append(block), await stream.lastId(0), i])
  await Promise.all(done)
  const entries = await stream.read(0, '0-0')
  expect(entries.map(({ block }) => block.workspace)).toEqual(sizes)
  for (const [i, { block }] of entries.entries()) expect(rowsOf(block), `${sizes[i]} rows`).toEqual(rowsOf(blocks[i]!))
})

test('a Redis that has forgotten the script is given it again', async () => {
  const last = (await stream.lastId(0)) ?? '0-0'
  await raw.script('FLUSH')
  const request = Buffer.from('request')
  expect(await Promise.all([10, 20_000].map((rows) => stream.appendRequests(blockOf(rows), [request])))).toEqual([
    [],
    [0],
  ])
  await raw.script('FLUSH')
  expect(await stream.appendRequests(blockOf(30), [request])).toEqual([0])
  expect((await stream.read(0, last)).map(({ block }) => block.samples.at.length)).toEqual([10])
})
