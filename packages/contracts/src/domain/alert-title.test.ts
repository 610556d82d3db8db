import { expect, test } from 'vitest'
import { alertTitle } from './alert-title.ts'

test.each([
  ['Checkout', 'Availability', 'Checkout: Availability'],
  ['checkout', 'checkout availability', 'checkout availability'],
  ['Checkout', 'Checkout', 'Checkout'],
  ['Shop', 'Shopping cart answers', 'Shop: Shopping cart answers'],
  ['Checkout', 'checkout availability', 'Checkout: checkout availability'],
])('%s and %s make %s', (service, slo, title) => {
  expect(alertTitle(service, slo)).toBe(title)
})
