import { expect, test } from 'vitest'
import { OrderedOutput } from './ordered-output.ts'

test('what runs at once is printed one after the other, and the first of them as it comes', () => {
  const printed: string[] = []
  const output = new OrderedOutput((text) => printed.push(text))
  const [one, two, three] = [output.add(), output.add(), output.add()]
  three.print('c1')
  two.print('b1')
  one.print('a1')
  expect(printed).toEqual(['a1'])
  three.end()
  one.print('a2')
  one.end()
  expect(printed).toEqual(['a1', 'a2', 'b1'])
  two.print('b2')
  expect(printed.at(-1)).toBe('b2')
  two.end()
  expect(printed).toEqual(['a1', 'a2', 'b1', 'b2', 'c1'])
})

test('a place that is added when all others are over is shown at once', () => {
  const printed: string[] = []
  const output = new OrderedOutput((text) => printed.push(text))
  output.add().end()
  output.add().print('late')
  expect(printed).toEqual(['late'])
})
