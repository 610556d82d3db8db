import type { CompositeSli, CorrectedSpan, SliSpec } from '@nines/contracts'
import { seededRandom } from '@nines/kernel'
import { describe, expect, test } from 'vitest'
import { oracleVerdict, oracleWindow, type OracleTime } from '../composite/composite-oracle.fixture.ts'
import { randomComposite, SPAN_MINUTES, START } from '../composite/random-composite.fixture.ts'
import { MINUTE_MS } from '../minute.ts'
import { silenceAfter } from '../silence.ts'
import { compositePeriod } from './composite-period.ts'
import { compositeRows, stretchesOfKind } from './composite-rows.ts'
import { DenseMinutes } from './dense-minutes.ts'
import { MemberMinutes } from './member-minutes.ts'
import { ReportComposite, type ReportTree, type ReportTreeMember } from './report-composite.ts'
import { finish, reportTreeOf } from './report-tree.fixture.ts'
import type { ObjectivePeriod } from './slo-period.ts'
import { versionsInForce, type ReportVersion } from './versions-in-force.ts'

const at = (minute: number) => START + minute * MINUTE_MS
const RANGE = { from: at(0), to: at(SPAN_MINUTES) }
const window = { kind: 'rolling', days: 30 } as const
const sliOf = (combine: CompositeSli['combine'], ...members: string[]): CompositeSli => ({
  kind: 'composite',
  combine,
  members: members.map((sloId) => ({ sloId, noData: 'ignore' })),
})

/** Versions with these first minutes and targets. */
function versionsOf(sli: SliSpec, versions: readonly { since: number; targets: readonly number[] }[]): ReportVersion[] {
  return versions.map(({ since, targets: [target = 0.9, ...further] }, i) => ({
    version: i + 1,
    createdAt: at(since) + 17_000,
    sli,
    target,
    window,
    furtherObjectives: further.map((one) => ({ target: one, window })),
  }))
}

function reported(
  tree: ReportTree,
  versions: readonly ReportVersion[],
  { from, to }: { from: number; to: number },
  incident?: { from: number; to: number },
): ObjectivePeriod[] {
  const made = finish(ReportComposite.made(tree, RANGE))
  const incidents = incident ? [{ id: 'inc', from: at(incident.from), to: at(incident.to) }] : []
  const rows = compositeRows(versionsInForce(versions, { from: at(from), to: at(to) }, null))
  return finish(compositePeriod(rows, () => ({ made, causesOf: () => ({ incidents, maintenance: [], changes: [] }) })))
}

const close = (value: number | null, to: number) =>
  expect(Math.abs((value ?? NaN) - to)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(to)))
const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0)

test('rows of random trees of composites are what an oracle says of their whole stretch', () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = seededRandom(seed)
    const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1))
    const made = randomComposite(random)
    const from = whole(0, 50)
    const to = from + whole(1, SPAN_MINUTES - from)
    const targets = () => Array.from({ length: whole(1, 3) }, () => [0.5, 0.9, 0.95, 0.999][whole(0, 3)] ?? 0.9)
    const sinces = [0, whole(0, 90), whole(0, 90)].slice(0, whole(1, 3)).toSorted((a, b) => a - b)
    const versions = versionsOf(
      sliOf(made.oracle.combine),
      sinces.map((since) => ({ since, targets: targets() })),
    )
    const rows = reported(reportTreeOf(made, RANGE), versions, { from, to }, { from: from + 3, to: from + 9 })
    const minutes = Array.from({ length: SPAN_MINUTES }, (_, i) => at(i))
    const time: OracleTime = { minutes, endedBy: RANGE.to, since: new Map() }
    const between = (first: number, end: number) => minutes.filter((minute) => minute >= first && minute < end)
    expect(sumOf(rows.filter(({ objective }) => objective === 1).map((row) => row.to - row.from))).toBe(
      at(to) - at(from),
    )
    for (const row of rows) {
      const expected = oracleWindow(
        made.oracle,
        time,
        between(row.from, row.to).map((minute) => [minute, 1]),
      )
      const measured = between(row.from, row.to).filter((minute) => made.leaves.some(({ truth }) => truth.has(minute)))
      expect(row.coverage).toMatchObject({ minutes: (row.to - row.from) / MINUTE_MS, measured: measured.length })
      expect(row.versions.map(({ target }) => target)).toEqual(
        row.versions.map(({ version }) => objectivesOf(versions, version)[row.objective - 1]),
      )
      if (expected.bad === null || expected.total === 0) {
        expect([row.result, row.sli, row.total]).toEqual(['undefined', null, 0])
        continue
      }
      close(row.total, expected.total)
      close(row.sli, 1 - expected.bad)
      close(row.total, sumOf(row.versions.map(({ total }) => total)))
      close(row.good, sumOf(row.versions.map(({ good }) => good)))
      const allowed = sumOf(row.versions.map(({ target, total }) => (1 - target) * total))
      close(row.budget.events, allowed)
      const overspent = expected.bad * expected.total - allowed
      if (Math.abs(overspent) > 1e-9) expect(row.result).toBe(overspent > 0 ? 'missed' : 'met')
      const units = row.spend.map((spent) => spent.units)
      expect(sumOf(units)).toBe(Math.round((row.consumed.events ?? 0) * 1000))
      expect(units.every((one) => Number.isInteger(one) && one >= 0)).toBe(true)
      if (made.oracle.combine !== 'all_of') continue
      // Minutes are counted: what each version and each cause has of them is known one by one.
      const badOf = (first: number, end: number) =>
        between(first, end).filter((minute) => oracleVerdict(made.oracle, time, minute) === 'bad').length
      expect(row.versions.map(({ good, total }) => total - good)).toEqual(
        row.versions.map((version) => badOf(version.from, version.to)),
      )
      const inside = badOf(Math.max(row.from, at(from + 3)), Math.min(row.to, at(from + 9)))
      expect(units).toEqual([inside * 1000, 0, 0, (badOf(row.from, row.to) - inside) * 1000])
      expect(row.budget.minutes).toBe(row.budget.events)
    }
  }
}, 120_000)

function objectivesOf(versions: readonly ReportVersion[], number: number): number[] {
  const { target = 0, furtherObjectives = [] } = versions.find(({ version }) => version === number) ?? {}
  return [target, ...furtherObjectives.map((one) => one.target)]
}

type Counts = readonly [good: number, total: number] | null
/** The same counts in minutes [from, to) each. */
function leaf(
  stretches: readonly { from: number; to: number; counts: Counts }[],
  corrected: readonly CorrectedSpan[] = [],
): MemberMinutes {
  const minutes = new DenseMinutes(RANGE)
  for (const { from, to, counts } of stretches)
    for (let minute = from; minute < to; minute++)
      if (counts) minutes.set(at(minute), { good: counts[0], total: counts[1] })
  const sli = { kind: 'availability', checkId: 'chk_1' } as const
  return new MemberMinutes(minutes, { sli, corrected, endedBy: RANGE.to })
}
const always = (good: number, total: number) => leaf([{ from: 0, to: SPAN_MINUTES, counts: [good, total] }])
const member = (of: MemberMinutes | ReportTree, change: Partial<ReportTreeMember> = {}): ReportTreeMember => ({
  of,
  target: 0.99,
  weight: 1,
  noData: 'ignore',
  silence: silenceAfter(600),
  above: [],
  corrected: [],
  ...change,
})
const weighted = (...members: ReportTreeMember[]): ReportTree => ({ combine: 'weighted', members })
const one = (rows: readonly ObjectivePeriod[]): ObjectivePeriod => {
  expect(rows).toHaveLength(1)
  return rows[0] as ObjectivePeriod
}

describe('rows', () => {
  const shown = (versions: readonly ReportVersion[]) =>
    compositeRows(versionsInForce(versions, { from: at(0), to: at(30) }, null)).map(
      ({ place, versions: held, from, to }) => [
        place,
        held.map(({ version: { version } }) => version),
        (from - START) / MINUTE_MS,
        (to - START) / MINUTE_MS,
      ],
    )

  test('other members, weights or a way of combining begin a new one, another target does not', () => {
    const [first, second] = versionsOf(sliOf('weighted', 'a', 'b'), [
      { since: 0, targets: [0.9] },
      { since: 5, targets: [0.99] },
    ])
    const other = (sli: SliSpec, version: number, since: number) => ({ ...first!, sli, version, createdAt: at(since) })
    expect(
      shown([first!, second!, other(sliOf('weighted', 'a', 'c'), 3, 12), other(sliOf('worst_of', 'a', 'c'), 4, 20)]),
    ).toEqual([
      [0, [1, 2], 0, 12],
      [0, [3], 12, 20],
      [0, [4], 20, 30],
    ])
  })

  test('an objective that was away for a while has one before and one after', () => {
    const versions = versionsOf(sliOf('weighted', 'a', 'b'), [
      { since: 0, targets: [0.9, 0.5] },
      { since: 10, targets: [0.9] },
      { since: 20, targets: [0.9, 0.6] },
    ])
    expect(shown(versions)).toEqual([
      [0, [1, 2, 3], 0, 30],
      [1, [1], 0, 10],
      [1, [3], 20, 30],
    ])
  })

  test('an SLO that was no composite for a while is one at other times', () => {
    const [first] = versionsOf(sliOf('weighted', 'a', 'b'), [{ since: 0, targets: [0.9] }])
    const plain: SliSpec = { kind: 'availability', checkId: 'chk_1' }
    const all = [
      first!,
      { ...first!, version: 2, createdAt: at(9), sli: plain },
      { ...first!, version: 3, createdAt: at(15) },
    ]
    const stretches = stretchesOfKind(versionsInForce(all, { from: at(0), to: at(30) }, null))
    expect(stretches.map((held) => held.map(({ version: { version } }) => version))).toEqual([[1], [2], [3]])
  })
})

describe('met', () => {
  test('exactly at the target, which doubles would miss', () => {
    // At b of 100 bad, four fifths of it are; 4 / (1 + 1/4) of the events say so, which is no number that doubles have.
    for (let bad = 1; bad <= 40; bad++) {
      const failing = leaf([{ from: 0, to: SPAN_MINUTES, counts: [100 - bad, 100] }])
      const versions = versionsOf(sliOf('weighted'), [{ since: 0, targets: [(1000 - 8 * bad) / 1000] }])
      const tree = weighted(member(always(100, 100)), member(failing, { weight: 4 }))
      const row = one(reported(tree, versions, { from: 0, to: 60 }))
      expect(row).toMatchObject({ result: 'met', consumed: { share: 1 }, left: { events: 0, share: 0 } })
    }
  })
  test('not with one event more among billions', () => {
    const many = (bad: number) => leaf([{ from: 0, to: SPAN_MINUTES, counts: [1e9 - bad, 1e9] }])
    const versions = versionsOf(sliOf('weighted'), [{ since: 0, targets: [0.5] }])
    const of = (bad: number) =>
      one(reported(weighted(member(many(5e8)), member(many(bad))), versions, { from: 0, to: 60 })).result
    expect([of(5e8), of(5e8 + 1)]).toEqual(['met', 'missed'])
  })
})

test('each target lets as much be bad as of all that happened happened while it held', () => {
  // Ten events a minute of the one, of the other 30 in its first half hour and 10 in the second.
  const busy = leaf([
    { from: 0, to: 30, counts: [30, 30] },
    { from: 30, to: 60, counts: [5, 10] },
  ])
  const versions = versionsOf(sliOf('weighted'), [
    { since: 0, targets: [0.9] },
    { since: 30, targets: [0.5] },
  ])
  const row = one(reported(weighted(member(always(10, 10)), member(busy)), versions, { from: 0, to: 60 }))
  const bad = 150 / 1200 / 2
  close(row.sli, 1 - bad)
  // Half of the first one's events and three quarters of the other one's came under the first target.
  const first = (0.5 + 0.75) / 2
  close((row.budget.events ?? 0) / row.total, first * 0.1 + (1 - first) * 0.5)
  expect(row.versions.map(({ good, total }) => (total - good) / row.total)).toEqual([
    expect.closeTo(0, 12),
    expect.closeTo(bad, 12),
  ])
})

test('causes are asked for with minutes that add up and the target of each version', () => {
  const versions = versionsOf(sliOf('weighted'), [
    { since: 0, targets: [0.9] },
    { since: 20, targets: [0.5] },
  ])
  const made = finish(ReportComposite.made(weighted(member(always(9, 10)), member(always(10, 10))), RANGE))
  const asked: [target: number, bad: number][] = []
  const rows = compositeRows(versionsInForce(versions, { from: at(10), to: at(40) }, null))
  const row = one(
    finish(
      compositePeriod(rows, () => ({
        made,
        causesOf: (minutes, target) => {
          const counts = Array.from(minutes.minutes(at(10), at(40)), ([, { good, total }]) => total - good)
          asked.push([target, sumOf(counts)])
          return { incidents: [], maintenance: [{ id: 'work', from: at(15), to: at(25) }], changes: [] }
        },
      })),
    ),
  )
  expect(asked.map(([target]) => target)).toEqual([0.9, 0.5])
  for (const [, bad] of asked) close(bad, row.consumed.events ?? 0)
  expect(row.spend.map(({ kind, share }) => [kind, share])).toEqual([
    ['incident', 0],
    ['maintenance', expect.closeTo((row.consumed.share ?? 0) / 3, 9)],
    ['change', 0],
    ['unattributed', expect.closeTo(((row.consumed.share ?? 0) * 2) / 3, 9)],
  ])
})

test('time that corrections exclude for every member is no time to be out in; what they kept out is said', () => {
  const span = (from: number, to: number, effect: CorrectedSpan['effect']) => ({ from: at(from), to: at(to), effect })
  const failing = (corrected: CorrectedSpan[]) =>
    leaf(
      [
        { from: 0, to: 20, counts: [0, 10] },
        { from: 20, to: 60, counts: [10, 10] },
      ],
      corrected,
    )
  const versions = versionsOf(sliOf('weighted'), [{ since: 0, targets: [0.9] }])
  const of = (...members: ReportTreeMember[]) => one(reported(weighted(...members), versions, { from: 0, to: 60 }))
  // Of the composite's own: over both.
  const own = [span(0, 20, 'exclude')]
  const both = of(
    member(failing([]), { above: own, corrected: own }),
    member(always(10, 10), { above: own, corrected: own }),
  )
  expect(both).toMatchObject({
    result: 'met',
    sli: 1,
    corrected: { excludedMinutes: 20, goodMinutes: 0 },
    coverage: { minutes: 60, measured: 60 },
  })
  close(both.budget.outageSeconds, 0.1 * 40 * 60)
  // Without it a sixth of 1,200 events would be bad.
  close(both.corrected.badEvents, 200)
  // Of a member's own: the other one goes on.
  const mine = [span(0, 10, 'good'), span(10, 15, 'exclude')]
  const single = of(member(failing(mine), { corrected: mine }), member(always(10, 10)))
  expect(single.corrected).toMatchObject({ excludedMinutes: 5, goodMinutes: 10 })
  close(single.budget.outageSeconds, 0.1 * 60 * 60)
  close(single.sli, 1 - 50 / 550 / 2)
})

test('nothing but silence is unknown, whatever the rules', () => {
  const silent = leaf([{ from: 0, to: 5, counts: [10, 10] }])
  const versions = versionsOf(sliOf('weighted'), [{ since: 0, targets: [0.9] }])
  const tree = weighted(member(silent, { noData: 'bad' }), member(silent, { noData: 'good' }))
  expect(one(reported(tree, versions, { from: 30, to: 60 }))).toMatchObject({
    result: 'undefined',
    sli: null,
    coverage: { measured: 0, share: 0 },
    spend: [{ units: 0 }, { units: 0 }, { units: 0 }, { units: 0 }],
  })
  // One that fell silent while the other goes on is out by its rule, in minutes that an incident can answer for.
  const half = weighted(member(silent, { noData: 'bad' }), member(always(10, 10)))
  const row = one(reported(half, versions, { from: 30, to: 60 }, { from: 30, to: 45 }))
  close(row.sli, 0.5)
  const [incident, , , rest] = row.spend
  expect(Math.abs((incident?.units ?? 0) - (rest?.units ?? 0))).toBeLessThanOrEqual(1)
})

test('composites of composites', () => {
  const inner: ReportTree = { combine: 'critical_path', members: [member(always(9, 10)), member(always(8, 10))] }
  const versions = versionsOf(sliOf('worst_of'), [{ since: 0, targets: [0.7, 0.75] }])
  const rows = reported({ combine: 'worst_of', members: [member(inner), member(always(9, 10))] }, versions, {
    from: 0,
    to: 60,
  })
  expect(rows.map(({ objective, result }) => [objective, result])).toEqual([
    [1, 'met'],
    [2, 'missed'],
  ])
  for (const row of rows) close(row.sli, 0.72)
})
