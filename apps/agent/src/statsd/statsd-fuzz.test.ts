import { expect, it } from 'vitest'
import { seededRandom } from '@nines/kernel'
import { fuzzIterations, mutate } from '../test-fixtures/mutate.fixture.ts'
import { encodeStatsd } from './encode-statsd.ts'
import { parseStatsdLine } from './parse-statsd-line.ts'
import { StatsdAggregator } from './statsd-aggregator.ts'

const VALID = [
  'page.views:1|c|@0.5|#country:china,x',
  'fuel:-0.5e-3|g|T1656581400',
  'a:1:2.5:3|ms|#service:shop|c:ci-83c0a99c0a54c0c187f461c7980e9b57f3f6a8b0c918c8d93df19a9de6f3fe1d',
  'users:a:b|s|#k:v|e:it-false,cn-x',
  '_e{5,4}:title|text|#a',
  '_sc|Redis connection|2|#env:dev|m:timed out',
]

it('mutated lines are taken or refused, never thrown at', { timeout: 600_000 }, () => {
  const random = seededRandom(7)
  const limits = { startMs: 0, maxSeries: 500, maxSetMembers: 500, gaugeKeepMs: 1000 }
  const aggregator = new StatsdAggregator(limits)
  const seen = new Set<string>()
  for (let round = 0; round < fuzzIterations; round++) {
    const message = parseStatsdLine(mutate(VALID[round % VALID.length] ?? '', random))
    seen.add(message.kind)
    if (message.kind !== 'metric') continue
    expect(message.values.every(Number.isFinite)).toBe(true)
    expect(message.name).not.toBe('')
    aggregator.add(message, round)
    if (round % 1000 === 0) encodeStatsd(aggregator.flush(round), 'box')
  }
  expect(seen).toEqual(new Set(['metric', 'malformed', 'ignored']))
})
