import type { SeriesSelector } from '@nines/contracts'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTelemetry, type Telemetry } from '../telemetry.ts'
import { insertBlocks } from '../write/insert-blocks.ts'
import { histogramRow, sampleBlock, seriesDefinition, slice } from '../write/test-blocks.ts'
import { findSeries } from './find-series.ts'
import { readHistograms } from './read-histograms.ts'
import { readSamples } from './read-samples.ts'
import { readVersionSlices } from './read-version-slices.ts'

const services = await useServices()
const MINUTE = 60_000
/** So much of many series or SLOs is weighed before it is read. */
const LONG = 400 * 86_400_000
const T = Math.floor(Date.now() / MINUTE) * MINUTE - 60 * MINUTE
const WORKSPACE = 41
const SERVICES = 30
let telemetry: Telemetry

beforeAll(async () => {
  telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
  const ids = Array.from({ length: SERVICES }, (_, i) => i + 1)
  const rows = ids.flatMap((id) => [0, 1, 2, 3].map((step) => [id, T + step * MINUTE, id * 10 + step] as const))
  const series = ids.map((id) =>
    seriesDefinition(id, { metric: 'gathered', labels: { service: `s${id % 10}`, status: id % 2 ? '200' : '500' } }),
  )
  const slices = ids.flatMap((id) =>
    [0, 1, 2].flatMap((step) =>
      [1, 2].map((revision) =>
        slice(T + step * MINUTE, revision, { sloId: `slo_${id}`, version: 1 + (id % 3), total: id * revision }),
      ),
    ),
  )
  const histograms = ids.flatMap((id) => [0, 1, 2].map((step) => histogramRow(100 + id, T + step * MINUTE)))
  await insertBlocks(telemetry, [{ ...sampleBlock(WORKSPACE, rows), series, histograms }], 'gathered-samples')
  await insertBlocks(telemetry, [{ ...emptyBlock(WORKSPACE), slices }], 'gathered-slices')
})
afterAll(() => telemetry.close())

/** Asks every question of both handles: the answers are the same, however many were asked at once. */
async function expectTheSame<Q>(questions: readonly Q[], ask: (from: Telemetry, question: Q) => Promise<unknown>) {
  const together = telemetry.gathered()
  const gathered = await Promise.all(questions.map((question) => ask(together, question)))
  for (const [i, question] of questions.entries()) expect(gathered[i]).toEqual(await ask(telemetry, question))
  return gathered
}

test.each([0, LONG])('samples: each reader gets its own series and its own time (%d ms more)', async (before) => {
  const questions = Array.from({ length: SERVICES }, (_, i) => ({
    workspace: WORKSPACE,
    series: [String(i + 1), String(((i + 7) % SERVICES) + 1), '999'],
    from: T + (i % 3) * MINUTE - before,
    to: T + (2 + (i % 2)) * MINUTE,
  }))
  const gathered = await expectTheSame(questions, readSamples)
  expect(gathered[0]).toHaveProperty('size', 2)
})

test.each([0, LONG])('histograms: the same (%d ms more)', async (before) => {
  const questions = Array.from({ length: SERVICES }, (_, i) => ({
    workspace: WORKSPACE,
    series: [String(100 + i), String(101 + i)],
    from: T + (i % 2) * MINUTE - before,
    to: T + 2 * MINUTE,
  }))
  const gathered = await expectTheSame(questions, readHistograms)
  expect(gathered[0]).toHaveProperty('size', 1)
})

test.each([0, LONG])('slices: every revision of each SLO and version in its time (%d ms more)', async (before) => {
  const questions = Array.from({ length: SERVICES }, (_, i) => ({
    workspace: WORKSPACE,
    sloId: `slo_${i + 1}`,
    version: 1 + ((i + 1) % 3) + Number(i === 5),
    from: T + (i % 2) * MINUTE - before,
    to: T + 3 * MINUTE,
  }))
  const gathered = await expectTheSame(questions, async (from, question) => {
    const found = await readVersionSlices(from, question)
    const rows = Array.from(found?.minute ?? [], (minute, i) => [minute * MINUTE, found?.total[i], found?.revision[i]])
    // What lies beside the time that was asked for may come too.
    const inside = rows.filter(([minute = 0]) => minute >= question.from && minute < question.to)
    return inside.map(String).sort()
  })
  expect(gathered[0]).toHaveLength(6)
  expect(gathered[5]).toEqual([])
})

test('series: each selector means its own, whichever labels tell them apart', async () => {
  const equals = (label: string, value: string) => ({ label, op: '=' as const, value })
  const selectors: SeriesSelector[] = [
    ...Array.from({ length: 12 }, (_, i) => ({ metric: 'gathered', matchers: [equals('service', `s${i}`)] })),
    ...Array.from({ length: 12 }, (_, i) => ({
      metric: 'gathered',
      matchers: [equals('status', '500'), equals('service', `s${i}`)],
    })),
    { metric: 'gathered', matchers: [equals('status', '200'), { label: 'service', op: '=~', value: 's[12]' }] },
    { metric: 'gathered', matchers: [] },
    { metric: 'gathered', matchers: [equals('service', '')] },
    { metric: 'other', matchers: [equals('service', 's1')] },
  ]
  const gathered = await expectTheSame(selectors, (from, selector) =>
    findSeries(from, WORKSPACE, selector, { since: 0 }),
  )
  expect(gathered[1]).toHaveLength(3)
})

test('what no query can answer is refused to whoever asked it', async () => {
  const together = telemetry.gathered()
  const selectorOf = (matchers: SeriesSelector['matchers']) => ({ metric: 'gathered', matchers })
  const service = { label: 'service', op: '=' as const, value: 's1' }
  const outcomes = await Promise.allSettled([
    findSeries(together, WORKSPACE, selectorOf([service])),
    findSeries(together, WORKSPACE, selectorOf([service, { label: 'status', op: '=~', value: '(' }])),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
})
