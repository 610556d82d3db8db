import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { loadCode } from './load-code.ts'

const folder = path.join(import.meta.dirname, '../../../docs/examples/slo')

test('the examples of the guide are valid and everything in them is computed', () => {
  const files = readdirSync(folder).map((name) => ({
    path: name,
    content: readFileSync(path.join(folder, name), 'utf8'),
  }))
  const { documents, problems } = loadCode(files)
  expect(problems).toEqual([])
  expect(documents.flatMap((document) => document.slos.map((slo) => slo.slug)).toSorted()).toEqual([
    'cart-requests',
    'checkout-works',
    'order-journey',
    'order-journey-cart',
    'order-journey-payment',
    'search-latency',
  ])
  expect(documents.flatMap((document) => document.budgetPolicies ?? []).map(({ name }) => name)).toEqual(['Release'])
  expect(documents.flatMap((document) => document.notes).filter((note) => note.effect === 'not_evaluated')).toEqual([])
})
