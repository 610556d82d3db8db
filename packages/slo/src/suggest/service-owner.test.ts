import { compileSelector } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { seen } from './seen-series.fixture.ts'
import { anyOf, normalName, ownerOf, selectOwn } from './service-owner.ts'

const own = new Set(['checkout'])

test.each([
  ['Payment API', 'payment-api'],
  ['payment_api', 'payment-api'],
  ['--a..b--', 'a-b'],
  ['Übung', 'bung'],
])('%s is %s', (name, normal) => {
  expect(normalName(name)).toBe(normal)
})

test('service.name goes before service and job; a job may bear a namespace', () => {
  expect(ownerOf({ job: 'x', service: 'y', 'service.name': 'z' })).toEqual({
    label: 'service.name',
    value: 'z',
    name: 'z',
  })
  expect(ownerOf({ job: 'shop/checkout', service: '' })).toMatchObject({ label: 'job', name: 'checkout' })
  expect(ownerOf({ instance: 'x' })).toBeNull()
})

test('series of other services that bear the name in a label that counts less are kept out by a condition', () => {
  const all = [seen('m', { job: 'checkout' }), seen('m', { job: 'checkout', service: 'payments' })]
  expect(selectOwn(all, own)).toEqual({
    matchers: [
      { label: 'job', op: '=', value: 'checkout' },
      { label: 'service.name', op: '=', value: '' },
      { label: 'service_name', op: '=', value: '' },
      { label: 'service', op: '=', value: '' },
    ],
    series: [all[0]],
  })
  expect(selectOwn([all[0]!], own)?.matchers).toEqual([{ label: 'job', op: '=', value: 'checkout' }])
})

test('several spellings are one service', () => {
  const all = [seen('m', { service: 'check.out' }), seen('m', { service: 'check-out' })]
  expect(selectOwn(all, new Set(['check-out']))?.matchers).toEqual([
    { label: 'service', op: '=~', value: 'check-out|check\\.out' },
  ])
  expect(selectOwn([], own)).toBeNull()
})

test('whatever series there are, conditions mean those of the service and no other', () => {
  const name = fc.constantFrom(
    'checkout',
    'Checkout',
    'checkout-2',
    'payments',
    'a|checkout',
    '.*',
    'shop/checkout',
    '',
  )
  const labels = fc.record(
    { 'service.name': name, service_name: name, service: name, job: name, instance: fc.constantFrom('a', 'b') },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.array(labels, { maxLength: 12 }), (found) => {
      const all = found.map((one) => seen('m', one as Record<string, string>))
      const isOwn = (one: Readonly<Record<string, string>>) => {
        // Apart from ownerOf: the first label that is not empty, by hand.
        const { 'service.name': a = '', service_name: b = '', service: c = '', job: d = '' } = one
        const value = a || b || c || d.split('/').at(-1) || ''
        return value.toLowerCase() === 'checkout'
      }
      const selection = selectOwn(all, own)
      if (!selection) return
      const matches = compileSelector({ metric: 'm', matchers: selection.matchers })
      const matched = all.filter((one) => matches(one.labels))
      expect(matched.length).toBeGreaterThan(0)
      expect(matched.filter((one) => !isOwn(one.labels))).toEqual([])
      expect(selection.series).toEqual(matched)
    }),
    { numRuns: 300 },
  )
})

test('values are taken as they are written, not as expressions', () => {
  const matches = compileSelector({ metric: '', matchers: [anyOf('l', ['a.b', 'c+(d)'])] })
  expect(['a.b', 'c+(d)', 'axb', 'ccd'].map((l) => matches({ l }))).toEqual([true, true, false, false])
})
