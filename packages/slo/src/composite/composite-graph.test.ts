import type { SliSpec } from '@nines/contracts'
import { expect, test } from 'vitest'
import {
  compositeGraph,
  cycleThrough,
  groupsOf,
  membersFirst,
  tooDeepThrough,
  windowsAbove,
} from './composite-graph.ts'

const composite = (...ids: string[]): SliSpec => ({
  kind: 'composite',
  combine: 'weighted',
  members: ids.map((sloId) => ({ sloId, noData: 'ignore' })),
})
const graph = (edges: Record<string, string[]>) =>
  compositeGraph(Object.entries(edges).map(([id, members]) => ({ id, sli: composite(...members) })))

test('a circle is told with its way', () => {
  const round = graph({ a: ['x', 'b'], b: ['c', 'y'], c: ['z', 'a'], d: ['a', 'x'] })
  expect(cycleThrough(round, 'a')).toEqual(['a', 'b', 'c', 'a'])
  expect(cycleThrough(round, 'd')).toBeNull()
  expect(cycleThrough(graph({ a: ['a', 'b'] }), 'a')).toEqual(['a', 'a'])
  expect(cycleThrough(graph({ a: ['b', 'c'], b: ['c', 'd'] }), 'a')).toBeNull()
})

test('depth counts over what lies above and below', () => {
  const chain = graph({ a: ['b', 'x'], b: ['c', 'x'], c: ['d', 'x'] })
  expect(tooDeepThrough(chain, 'b', 3)).toBeNull()
  expect(tooDeepThrough(chain, 'b', 2)).toEqual(['a', 'b', 'c', 'd'])
})

test('members come before what is made of them; a circle comes nowhere', () => {
  expect(membersFirst(graph({ a: ['b', 'x'], b: ['c', 'x'], c: ['x', 'y'] }))).toEqual(['c', 'b', 'a'])
  expect(membersFirst(graph({ a: ['b', 'x'], b: ['a', 'x'], c: ['x', 'y'] }))).toEqual(['c'])
})

test('what is connected is one group, named by its least id', () => {
  const groups = groupsOf(graph({ m: ['x', 'b'], n: ['b', 'z'], o: ['p', 'q'] }))
  expect(Object.fromEntries(groups)).toEqual({ m: 'b', x: 'b', b: 'b', n: 'b', z: 'b', o: 'o', p: 'o', q: 'o' })
})

test('a member is kept for the windows of everything above it', () => {
  const day = (days: number) => ({ kind: 'rolling' as const, days })
  const windows: Record<string, number> = { top: 90, mid: 30, low: 7 }
  const above = windowsAbove(graph({ top: ['mid', 'x'], mid: ['low', 'y'] }), (id) => [day(windows[id] ?? 1)])
  expect(above.get('low')).toEqual([day(30), day(90)])
  expect(above.get('mid')).toEqual([day(90)])
  expect(above.get('x')).toEqual([day(90)])
  expect(above.get('top')).toBeUndefined()
})
