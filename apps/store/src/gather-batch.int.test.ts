import { setTimeout as sleep } from 'node:timers/promises'
import { createBlockStream } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { emptyBlock, type Block } from '@nines/wire'
import { afterAll, expect, test } from 'vitest'
import { BATCH_LIMITS, gatherBatch } from './gather-batch.ts'

const services = await useServices()
const stream = createBlockStream({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
const never = new AbortController().signal
const limits = { ...BATCH_LIMITS, lingerMs: 300, longFromRows: 100, longLingerMs: 3_000 }
let position = '0-0'

afterAll(() => stream.close())

function block(rows: number): Block {
  return {
    ...emptyBlock(1, Date.now()),
    samples: {
      series: new BigUint64Array(rows),
      at: new Float64Array(rows).fill(Date.now()),
      start: new Float64Array(rows),
      value: new Float64Array(rows),
    },
  }
}

/** Blocks in the batch that begins with one of `rows` rows, where another block comes a second later. */
async function gathered(rows: number): Promise<number> {
  await stream.append(block(rows))
  const gathering = gatherBatch(stream, 0, position, never, { ...limits, rows: 101 })
  await sleep(1_000)
  position = await stream.append(block(1))
  return (await gathering).length
}

test('a batch of few rows is closed soon, one of many waits for more until it is full', async () => {
  expect(await gathered(99)).toBe(1)
  expect(await gathered(100)).toBe(2)
})
