import type { CompositeSli, SliSpec } from '@nines/contracts'
import type { ReportSlo } from '@nines/records'
import { expect, test } from 'vitest'
import { followedKey, followMembers, leavesBelow, membersBelow, whatMeasures } from './followed-members.ts'

const M = 60_000
const check = (checkId: string): SliSpec => ({ kind: 'availability', checkId })
const composite = (combine: CompositeSli['combine'], ...members: string[]): CompositeSli => ({
  kind: 'composite',
  combine,
  members: members.map((sloId) => ({ sloId, noData: 'ignore' })),
})

/** An SLO with versions that were made at these times. */
function slo(id: string, ...versions: [createdAt: number, sli: SliSpec, target?: number][]): ReportSlo {
  const service = { id: 'svc', slug: 'svc', name: 'svc' }
  return {
    id,
    slug: id,
    name: id,
    service,
    team: null,
    createdAt: versions[0]?.[0] ?? 0,
    archivedAt: null,
    versions: versions.map(([createdAt, sli, target = 0.9], i) => ({
      version: i + 1,
      createdAt,
      sli,
      target,
      window: { kind: 'rolling', days: 1 },
      furtherObjectives: [],
    })),
  }
}
const knownOf = (...slos: ReportSlo[]) => new Map(slos.map((one) => [one.id, one]))
const follow = (sli: CompositeSli, end: number, ...slos: ReportSlo[]) => followMembers(sli, end, knownOf(...slos))

test('of each member the version of the last minute; the first one of a member that came later', () => {
  const a = slo('a', [0, check('1')], [10.5 * M, check('2')], [20 * M, check('3')])
  const b = slo('b', [50 * M, check('4')])
  const versionsAt = (end: number) =>
    follow(composite('weighted', 'a', 'b', 'unknown'), end, a, b).members.map(({ version }) => version.version)
  expect([10 * M, 11 * M, 20 * M, 21 * M].map(versionsAt)).toEqual([
    [1, 1],
    [2, 1],
    [2, 1],
    [3, 1],
  ])
})

test('composites below are followed likewise, and what has slices is found at every level', () => {
  const inner = slo('inner', [0, composite('all_of', 'a', 'b')], [10 * M, composite('all_of', 'b', 'c')])
  const leaves = ['a', 'b', 'c'].map((id) => slo(id, [0, check(id)]))
  const at = (end: number) => follow(composite('worst_of', 'inner', 'a'), end, inner, ...leaves)
  expect(membersBelow(at(5 * M)).map((member) => member.slo.id)).toEqual(['inner', 'a', 'b', 'a'])
  expect(leavesBelow(at(20 * M)).map(({ sloId, version }) => [sloId, version])).toEqual([
    ['b', 1],
    ['c', 1],
    ['a', 1],
  ])
  expect(followedKey(at(5 * M))).toBe(followedKey(at(9 * M)))
  expect(followedKey(at(5 * M))).not.toBe(followedKey(at(20 * M)))
})

test('a circle, which nobody can write, ends', () => {
  const [a, b] = [slo('a', [0, composite('worst_of', 'b')]), slo('b', [0, composite('worst_of', 'a')])]
  expect(leavesBelow(follow(composite('weighted', 'a'), M, a, b))).toEqual([])
})

test('members measure the same when their indicators are; what their minutes have to reach is part of it for all of', () => {
  const a = slo('a', [0, check('1'), 0.9], [10 * M, check('1'), 0.99], [20 * M, check('2'), 0.99])
  const measures = (combine: CompositeSli['combine'], end: number) =>
    whatMeasures(follow(composite(combine, 'a'), end, a))
  expect(measures('weighted', 5 * M)).toEqual(measures('weighted', 15 * M))
  expect(measures('all_of', 5 * M)).not.toEqual(measures('all_of', 15 * M))
  expect(measures('weighted', 15 * M)).not.toEqual(measures('weighted', 25 * M))
})
