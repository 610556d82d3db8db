import type { CompositeSli, SliSpec } from '@nines/contracts'
import { DAY_MS, DenseMinutes, MINUTE_MS, versionsInForce, type ReportVersion } from '@nines/slo'
import { expect, test } from 'vitest'
import { ReportComposites } from './report-composites.ts'
import { ReportCorrections } from './report-corrections.ts'
import type { ReportedPair, SloOfReport } from './report-one-slo.ts'
import { Turns } from './turns.ts'

const T0 = Date.UTC(2026, 2, 2)
const previous = { from: T0 - DAY_MS, to: T0 }
const period = { from: T0, to: T0 + DAY_MS }
const range = { from: previous.from - DAY_MS, to: period.to }
const plain: SliSpec = { kind: 'availability', checkId: 'chk_1' }
const weighted = (...members: string[]): CompositeSli => ({
  kind: 'composite',
  combine: 'weighted',
  members: members.map((sloId) => ({ sloId, noData: 'ignore' })),
})

/** An SLO with these indicators, the first from long ago on, the others made one hour after the other in the period. */
function sloOf(id: string, ...slis: SliSpec[]): SloOfReport {
  const versions = slis.map((sli, i): ReportVersion => ({
    version: i + 1,
    createdAt: i === 0 ? 0 : T0 + i * 60 * MINUTE_MS,
    sli,
    target: 0.9,
    window: { kind: 'rolling', days: 1 },
    furtherObjectives: [],
  }))
  const service = { id: 'svc', slug: 'svc', name: 'svc' }
  return {
    slo: { id, slug: id, name: id, service, team: null, createdAt: 0, archivedAt: null, versions },
    versions: [],
    inForce: versionsInForce(versions, period, null),
    inForceBefore: versionsInForce(versions, previous, null),
    corrections: { corrected: [], maintenance: [], listed: [] },
    incidents: [],
    changes: [],
  }
}

function compositesOf(...slos: SloOfReport[]): ReportComposites {
  return new ReportComposites(slos, {
    known: new Map(slos.map((one) => [one.slo.id, one])),
    correctionsOf: () => [],
    worked: new ReportCorrections(range, period),
    cadenceOf: () => [],
    times: { period, range },
    turns: new Turns(),
  })
}

/** Reads an SLO all of whose minutes have so many bad events of ten; answers what was reported then. */
async function read(
  composites: ReportComposites,
  one: SloOfReport | null,
  bad = 0,
): Promise<Map<string, ReportedPair>> {
  const minutes = Array.from({ length: (range.to - range.from) / MINUTE_MS }, (_, i) => range.from / MINUTE_MS + i)
  const all = (value: number) => minutes.map(() => value)
  const columns = { minute: minutes, good: all(10 - bad), total: all(10), revision: all(1) }
  const reported = new Map<string, ReportedPair>()
  const taken = composites.take(one && { one, minutesOf: () => DenseMinutes.of(columns, range) })
  for await (const [id, pair] of taken) reported.set(id, pair)
  return reported
}

test('each is reported with the last SLO that it needs, and nothing is kept that nobody waits for', async () => {
  const [a, b, c] = [sloOf('a', plain), sloOf('b', plain, plain), sloOf('c', plain)]
  const inner = sloOf('inner', weighted('a', 'b'))
  const composites = compositesOf(
    a,
    b,
    c,
    inner,
    sloOf('outer', weighted('inner', 'c')),
    sloOf('none', weighted('gone')),
  )
  expect(['a', 'b', 'c', 'inner'].map((id) => composites.versionsOf(id))).toEqual([[1], [1, 2], [1], []])
  expect(['a', 'b', 'c', 'x'].map((id) => composites.placeOf(id))).toEqual([0, 0, 1, null])
  // The outer one needs a, both versions of b and c at once.
  expect(composites.mostKept(['a', 'b', 'c'])).toBe(4)
  expect([...(await read(composites, null)).keys()]).toEqual(['none'])
  expect((await read(composites, a, 1)).size).toBe(0)
  const afterB = await read(composites, b, 3)
  expect(afterB.get('inner')?.reported?.objectives[0]).toMatchObject({ sli: 0.8, previous: { sli: 0.8, sliChange: 0 } })
  const afterC = await read(composites, c, 1)
  expect([...afterC.keys()]).toEqual(['outer'])
  expect(afterC.get('outer')?.reported?.objectives[0]?.sli).toBeCloseTo(0.85, 12)
  expect(composites.placeOf('a')).toBeNull()
})

test('apart from each other they keep little at once, however many they are', () => {
  const names = Array.from({ length: 20 }, (_, i) => `leaf-${i}`)
  const leaves = names.map((name) => sloOf(name, plain))
  const pairs = leaves.flatMap((_, i) =>
    i % 2 === 0 ? [sloOf(`pair-${i}`, weighted(`leaf-${i}`, `leaf-${i + 1}`))] : [],
  )
  expect(compositesOf(...leaves, ...pairs).mostKept(names)).toBe(2)
  const all = sloOf('all', weighted(...names))
  expect(compositesOf(...leaves, ...pairs, all).mostKept(names)).toBe(20)
})
