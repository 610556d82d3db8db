import type { SloName, SloStanding } from '@nines/contracts'
import { expect, test } from 'vitest'
import { rankSlos, type Ranking } from './rank-slos.ts'

const shop = { id: 'svc_1', slug: 'shop', name: 'Shop' }
const mail = { id: 'svc_2', slug: 'mail', name: 'Mail' }
const slo = (id: string, name: string, target = 0.99, service = shop): SloName => ({ id, name, target, service })
const SLOS = [slo('a', 'Fast answers'), slo('b', 'availability', 0.999), slo('c', 'Delivery', 0.9, mail)]
const standing = (change: Partial<SloStanding>): SloStanding => ({
  state: 'good',
  sli: 1,
  budgetRemaining: 1,
  burn1h: 0,
  exhaustionSeconds: null,
  lastEventAt: 1,
  ...change,
})
const STANDINGS = new Map([
  ['a', standing({ state: 'bad', sli: 0.5, budgetRemaining: -49, burn1h: 50, exhaustionSeconds: 0 })],
  ['b', standing({ state: 'idle', budgetRemaining: 0.25 })],
])
const order = (ranking: Partial<Ranking>) =>
  rankSlos(SLOS, STANDINGS, { direction: 'asc', ...ranking })
    .map(({ id }) => id)
    .join('')

test('without a sort they stay as they come; names are compared as people do', () => {
  expect(order({})).toBe('abc')
  expect([order({ sort: 'name' }), order({ sort: 'name', direction: 'desc' })]).toEqual(['bca', 'acb'])
})

test('by figures, the unknown last either way and ties as they come', () => {
  expect([order({ sort: 'budget' }), order({ sort: 'budget', direction: 'desc' })]).toEqual(['abc', 'bac'])
  expect([order({ sort: 'burn' }), order({ sort: 'burn', direction: 'desc' })]).toEqual(['bac', 'abc'])
  expect([order({ sort: 'exhaustion' }), order({ sort: 'exhaustion', direction: 'desc' })]).toEqual(['abc', 'abc'])
  expect([order({ sort: 'sli' }), order({ sort: 'target', direction: 'desc' })]).toEqual(['abc', 'bac'])
})

test('by state, one without a status as unmeasured', () => {
  expect([order({ sort: 'state' }), order({ sort: 'state', direction: 'desc' })]).toEqual(['acb', 'bca'])
})

test('every word is looked for in the names of SLO and service', () => {
  expect(order({ search: 'shop' })).toBe('ab')
  expect(order({ search: ' SHOP  ans' })).toBe('a')
  expect([order({ search: 'mail answers' }), order({ search: '' })]).toEqual(['', 'abc'])
})
