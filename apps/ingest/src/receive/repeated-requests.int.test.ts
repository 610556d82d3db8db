import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { counterRequest, startIngestUnderTest, type IngestUnderTest } from '../ingest-under-test.ts'

const services = await useServices()
let ingest: IngestUnderTest
beforeAll(async () => {
  ingest = await startIngestUnderTest(services)
})
afterAll(() => ingest.stop())

const send = async (body: string) => (await ingest.post('/v1/metrics', body)).status
const values = async () => (await ingest.appended()).flatMap((e) => [...e.block.samples.value])

test('a request that is sent again is answered 2xx and taken once, also by another process and after a restart', async () => {
  const body = JSON.stringify(counterRequest([{ asDouble: 1 }]))
  expect(await Promise.all([send(body), send(body)])).toEqual([200, 200])
  expect(await send(body)).toBe(200)
  expect(await values()).toEqual([1])
  const other = await startIngestUnderTest(services)
  const again = await other.post('/v1/metrics', body, { authorization: `Bearer ${ingest.key}` })
  expect(again.status).toBe(200)
  expect(await values()).toEqual([])
  await other.stop()
})

test('a request beside a repeated one is taken, and its series is named', async () => {
  const known = JSON.stringify(counterRequest([{ asDouble: 2 }]))
  await send(known)
  await ingest.appended()
  const fresh = JSON.stringify(
    counterRequest([{ asDouble: 3, attributes: [{ key: 'fresh', value: { stringValue: 'yes' } }] }]),
  )
  expect(await Promise.all([send(known), send(fresh)])).toEqual([200, 200])
  const blocks = (await ingest.appended()).map((e) => e.block)
  expect(blocks.flatMap((b) => [...b.samples.value])).toEqual([3])
  expect(blocks.flatMap((b) => b.series).map((s) => s.labels.fresh)).toEqual(['yes'])
})
