import { expect, test } from 'vitest'
import { matchingSilences, type Silence } from './silence.ts'

const silence = (id: string, change: Partial<Silence> = {}): Silence => ({
  id,
  serviceId: null,
  sloId: null,
  startsAt: 100,
  endsAt: 200,
  ...change,
})
const subject = { serviceId: 'svc_1', sloId: 'slo_1' }

test.each([
  ['the whole workspace', {}, true],
  ['its service', { serviceId: 'svc_1' }, true],
  ['another service', { serviceId: 'svc_2' }, false],
  ['its SLO', { sloId: 'slo_1' }, true],
  ['another SLO', { sloId: 'slo_2' }, false],
  ['its service and its SLO', { serviceId: 'svc_1', sloId: 'slo_1' }, true],
  ['its service and another SLO', { serviceId: 'svc_1', sloId: 'slo_2' }, false],
])('a silence of %s', (_name, change, matches) => {
  expect(matchingSilences([silence('s', change)], subject, 150)).toHaveLength(matches ? 1 : 0)
})

test.each([
  [99, 0],
  [100, 1],
  [199, 1],
  [200, 0],
])('at %i a silence of [100, 200) matches %i', (now, count) => {
  expect(matchingSilences([silence('s')], subject, now)).toHaveLength(count)
})

test('the one that ends last comes first', () => {
  const found = matchingSilences([silence('a'), silence('b', { endsAt: 300 })], subject, 150)
  expect(found.map((s) => s.id)).toEqual(['b', 'a'])
})
