import { expect, test } from 'vitest'
import { copiesOf, partsOf, partsText, requestsOf, SLA_DEFAULTS } from './sla-search.ts'

test('dependencies go through the URL, half-typed ones too', () => {
  for (const text of [SLA_DEFAULTS.parts, 'a:x', ':99x', 'a b:99.9x1', '']) expect(partsText(partsOf(text))).toBe(text)
  expect(partsOf('API:99.9x2;DB:99')).toEqual([
    { name: 'API', percent: '99.9', copies: '2' },
    { name: 'DB', percent: '99', copies: '' },
  ])
  expect(partsOf(partsText([{ name: 'a:b;c', percent: '9', copies: '1' }]))[0]?.name).toBe('a b c')
  expect(partsOf('junk')).toEqual([{ name: 'junk', percent: '', copies: '' }])
})

test.each([
  [{ percent: '99.9', copies: '2' }, 2],
  [{ percent: '99.9', copies: '' }, null],
  [{ percent: '99.9', copies: '0' }, null],
  [{ percent: '99.9', copies: '1.5' }, null],
  [{ percent: '101', copies: '1' }, null],
  [{ percent: '99.9', copies: '1000000' }, null],
])('%j', (part, count) => {
  expect(copiesOf({ name: '', ...part })?.length ?? null).toBe(count)
})

test.each([
  ['1,000,000', 1_000_000n],
  ['1e6', 1_000_000n],
  ['2 500', 2500n],
  ['1.0', 1n],
  ['1.5', null],
  ['-1', null],
  ['many', null],
])('%s requests', (text, count) => {
  expect(requestsOf(text)).toBe(count)
})
