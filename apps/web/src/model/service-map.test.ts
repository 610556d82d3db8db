import { expect, test } from 'vitest'
import { callsPerMinute, errorShare, formatErrorShare } from './service-figures.ts'
import { layOutServices, NODE_WIDTH, type ServiceEdge } from './service-map.ts'

const edge = (client: string, server: string, calls = 10, errors = 0): ServiceEdge => ({
  client,
  server,
  calls,
  errors,
  meanMs: 5,
})
const columns = (edges: ServiceEdge[]) => {
  const { nodes } = layOutServices(edges)
  const xs = [...new Set(nodes.map(({ x }) => x))].sort((a, b) => a - b)
  return xs.map((at) => nodes.filter(({ x }) => x === at).map(({ name }) => name))
}

test('a caller stands to the left of all that it calls', () => {
  const found = columns([edge('web', 'orders'), edge('orders', 'payments'), edge('web', 'payments')])
  expect(found).toEqual([['web'], ['orders'], ['payments']])
})

test('services of one column stand by their callers, so that lines do not cross', () => {
  const found = columns([edge('web', 'z'), edge('app', 'y'), edge('z', 'of z'), edge('y', 'of y')])
  expect(found).toEqual([
    ['app', 'web'],
    ['y', 'z'],
    ['of y', 'of z'],
  ])
})

test('a ring of calls is drawn, one of its calls leading back', () => {
  const { nodes, edges } = layOutServices([edge('a', 'b'), edge('b', 'c'), edge('c', 'a'), edge('a', 'a')])
  expect(nodes.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c'])
  // A service that calls itself has no line.
  expect(edges).toHaveLength(3)
})

test('no two services overlap, and all lie within the picture', () => {
  const edges = ['b', 'c', 'd', 'e'].flatMap((name) => [edge('a', name), edge(name, 'f')])
  const { nodes, width, height } = layOutServices(edges)
  expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(6)
  for (const { x, y } of nodes) {
    expect(x + NODE_WIDTH).toBeLessThanOrEqual(width)
    expect(y).toBeGreaterThanOrEqual(0)
    expect(y).toBeLessThan(height)
  }
})

test('a service counts what it answered', () => {
  const { nodes } = layOutServices([edge('a', 'c', 30, 3), edge('b', 'c', 10, 1)])
  expect(nodes.find(({ name }) => name === 'c')).toMatchObject({ calls: 40, errors: 4 })
})

test.each([
  [0, 60, '0/min'],
  [1, 60, '< 0.1/min'],
  [90, 60, '1.5/min'],
  [74_040, 60, '1,234/min'],
])('%d calls in %d minutes are %s', (calls, minutes, text) => {
  expect(callsPerMinute(calls, minutes)).toBe(text)
})

test.each([
  [null, '–'],
  [0, '0 %'],
  [0.00001, '< 0.01 %'],
  [0.0042, '0.42 %'],
  [0.125, '12.5 %'],
])('a share of failures of %s is %s', (share, text) => {
  expect(formatErrorShare(share)).toBe(text)
})

test('without calls nothing failed', () => {
  expect(errorShare({ calls: 0, errors: 0 })).toBe(0)
})
