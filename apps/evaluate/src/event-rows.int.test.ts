import { sliSpec, SPAN_KINDS, type LogsSli, type SpansSli } from '@nines/contracts'
import { createTelemetry, insertBlocks, readEventMinutes } from '@nines/telemetry'
import { useServices } from '@nines/testkit'
import { decodeBlock, encodeBlock, type Block } from '@nines/wire'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countStoredMinutes } from './count-stored-minutes.ts'
import { eventBlock, type LogRow, type SpanRow } from './event-blocks.fixture.ts'
import { EventRouter } from './event-router.ts'
import { SloTracker, type OwnSloDefinition } from './slo-tracker.ts'
import { absorbEvents } from './stored-events.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
afterAll(() => telemetry.close())

const MINUTE = 60_000
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE
const WORKSPACE = 7

const value = fc.constantFrom('', 'a', 'ab', 'A', 'a\nb', 'é', '5', '500')
const attributes = fc.record({ x: value, y: value }, { requiredKeys: [] })
/** Nanoseconds, also those beside a minute's bounds, which are more than a double tells apart. */
const at = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: 0, max: 10 * MINUTE - 1 }),
      fc.integer({ min: 1, max: 9 }).map((m) => m * MINUTE),
    ),
    fc.integer({ min: -1, max: 999_999 }),
  )
  .map(([ms, nanos]) => BigInt(NOW - 10 * MINUTE + ms) * 1_000_000n + BigInt(nanos))
const spanRow: fc.Arbitrary<SpanRow> = fc.record({
  at,
  traceId: fc.constantFrom('01'.repeat(16), 'fe'.repeat(16), '00'.repeat(15) + '07'),
  spanId: fc.constant(''),
  service: fc.constantFrom('shop', 'bank', ''),
  name: fc.constantFrom('GET /', 'pay'),
  kind: fc.integer({ min: 0, max: 5 }),
  statusCode: fc.constantFrom(0, 1, 2),
  durationNs: fc.constantFrom(0, 999_999, 1_000_000, 1_000_001, 5e8),
  attributes,
  resource: attributes,
})
const logRow: fc.Arbitrary<LogRow> = fc.record({
  at,
  service: fc.constantFrom('shop', 'bank', ''),
  severityNumber: fc.constantFrom(0, 5, 9, 17, 21),
  body: fc.constantFrom('paid', 'Paid order 12', 'refused:\n order 7', 'é', '', 'x(y'),
  attributes,
  resource: attributes,
})

const matcher = fc.record({
  label: fc.constantFrom('x', 'y'),
  op: fc.constantFrom('=', '!=', '=~', '!~'),
  value: fc.constantFrom('', 'a', 'a.*', 'a.b', '5..', '(?i)A', 'é|5', '[^a]*'),
})
const matchers = fc.array(matcher, { maxLength: 2 })
const spansSli = fc
  .record(
    {
      kind: fc.constant('spans'),
      service: fc.constantFrom('shop', 'bank'),
      operation: fc.constantFrom('GET /', 'pay'),
      spanKinds: fc.subarray([...SPAN_KINDS], { minLength: 1 }),
      attributes: matchers,
      good: fc.constantFrom(
        { withoutError: true },
        { maxDurationMs: 1 },
        { withoutError: true, maxDurationMs: 1.000_001 },
      ),
    },
    { requiredKeys: ['kind', 'service', 'good'] },
  )
  .map((sli) => sliSpec.parse(sli) as SpansSli)
const condition = fc.record(
  {
    minSeverity: fc.constantFrom(0, 9, 17),
    body: fc.record({
      op: fc.constantFrom('contains', '=~'),
      value: fc.constantFrom('paid', 'order', '\\d+$', '^P', '.', 'd:.*order', 'é', '(?i)PAID'),
    }),
    attributes: matchers,
  },
  { requiredKeys: [] },
)
const logsSli = fc
  .record({
    total: fc
      .record({ service: fc.constantFrom('shop', 'bank') }, { requiredKeys: [] })
      .chain((service) => condition.map((c) => ({ ...c, ...service }))),
    side: fc.constantFrom('good', 'bad'),
    part: condition.map((c) => ({ minSeverity: 9, ...c })),
  })
  .map(({ total, side, part }) => sliSpec.safeParse({ kind: 'logs', total, [side]: part }))
  .filter((parsed) => parsed.success)
  .map((parsed) => parsed.data as LogsSli)

function trackerOf(sli: SpansSli | LogsSli): SloTracker {
  const definition: OwnSloDefinition = {
    id: 'slo_1',
    workspaceId: 'wsp_1',
    workspaceNumber: WORKSPACE,
    name: 'one',
    version: 1,
    versionCreatedAt: NOW,
    sli,
    target: 0.99,
    window: { kind: 'rolling', days: 1 },
    furtherObjectives: [],
    checkCadence: [],
    corrections: [],
    rules: [],
  }
  return new SloTracker(definition, NOW)
}

const minutesOf = (tracker: SloTracker) =>
  [...tracker.accumulator.minutes.minutes()].map(([minute, { good, total }]) => [minute, good, total])

let blocks: Block[] = []
beforeAll(async () => {
  const [spans] = fc.sample(fc.array(spanRow, { minLength: 400, maxLength: 400 }), { numRuns: 1, seed: 41 })
  const [logs] = fc.sample(fc.array(logRow, { minLength: 400, maxLength: 400 }), { numRuns: 1, seed: 43 })
  if (!spans || !logs) throw new Error('no rows')
  // One id is one span: a sender that contradicts itself is counted by what came first, or by any of it.
  for (const [i, span] of spans.entries()) span.spanId = (i + 1).toString(16).padStart(16, '0')
  // Some spans come a second time; some log records are alike in everything and are several all the same.
  const halves = [
    eventBlock(
      WORKSPACE,
      [...spans.slice(0, 200), ...spans.slice(0, 30)],
      [...logs.slice(0, 200), ...logs.slice(0, 20)],
    ),
    eventBlock(WORKSPACE, [...spans.slice(200), ...spans.slice(150, 220)], logs.slice(200)),
  ]
  blocks = halves.map((block) => decodeBlock(encodeBlock(block)))
  await insertBlocks(telemetry, blocks, 'events')
})

test.each([
  ['spans', spansSli],
  ['logs', logsSli],
] as const)(
  'stream = batch for %s: rows that pass, minutes that the store counts and rows that it gives back agree',
  async (_name, slis) => {
    const wanted = fc.sample<SpansSli | LogsSli>(slis, { numRuns: 60, seed: 47 })
    let events = 0
    for (const sli of wanted) {
      const streamed = trackerOf(sli)
      const router = new EventRouter()
      router.addTracker(streamed)
      for (const [i, block] of blocks.entries()) router.take(block, { shard: 0, id: `${i + 1}-0` })
      const passing = minutesOf(streamed)
      const stored = await readEventMinutes(telemetry, { workspace: WORKSPACE, sli, from: NOW - 60 * MINUTE, to: NOW })
      expect(
        stored.map(({ at: minute, good, total }) => [minute, good, total]),
        JSON.stringify(sli),
      ).toEqual(passing)
      const absorbed = trackerOf(sli)
      await absorbEvents(telemetry, absorbed, sli, NOW)
      expect(minutesOf(absorbed)).toEqual(passing)
      // Both at once, whoever comes first.
      await absorbEvents(telemetry, streamed, sli, NOW)
      router.addTracker(absorbed)
      for (const [i, block] of blocks.entries()) router.take(block, { shard: 0, id: `${i + 1}-0` }, new Set([absorbed]))
      expect([minutesOf(streamed), minutesOf(absorbed)]).toEqual([passing, passing])
      events += passing.reduce((sum, [, , total]) => sum + total!, 0)
    }
    expect(events).toBeGreaterThan(500)
  },
  120_000,
)

test('settled minutes are counted from stored rows, and only those before the tail', async () => {
  const sli = sliSpec.parse({ kind: 'spans', service: 'shop', good: { withoutError: true } }) as SpansSli
  const tracker = trackerOf(sli)
  tracker.accumulator.advance(NOW - 5 * MINUTE)
  await countStoredMinutes(telemetry, tracker, new Map(), { from: NOW - 20 * MINUTE, to: NOW, floor: 0 })
  const stored = await readEventMinutes(telemetry, { workspace: WORKSPACE, sli, from: 0, to: NOW - 5 * MINUTE })
  expect(minutesOf(tracker)).toEqual(stored.map(({ at: minute, good, total }) => [minute, good, total]))
  expect(stored.length).toBeGreaterThan(3)
})
