import { expect, test } from 'vitest'
import { runStages, type Stage } from './run-stages.ts'
import { tallyOf } from './tally.ts'

const passing = (title: string, files?: { file: string; seconds: number }[]): Stage => ({
  title,
  run: (print) => {
    print(`  ${title} ran\n`)
    return Promise.resolve({ tally: { passed: 2, failed: 0 }, ...(files && { files }) })
  },
})

test('lanes run at once; output and results come in order, and one that throws is one failure', async () => {
  const second = Promise.withResolvers<void>()
  const first: Stage = {
    title: 'First',
    run: async (print) => {
      await second.promise
      print('  first ran\n')
      return { tally: tallyOf(true) }
    },
  }
  const opening: Stage = {
    title: 'Second',
    run: () => {
      // The first one goes on only when this one runs beside it.
      second.resolve()
      throw new Error('no browser')
    },
  }
  const files = [{ file: 'a.test.ts', seconds: 1 }]
  let printed = ''
  const results = await runStages([[first], [opening, passing('Third', files)]], (text) => (printed += text))
  expect(printed).toBe('\nFirst\n  first ran\n\nSecond\nno browser\n\nThird\n  Third ran\n')
  expect(results).toMatchObject([
    { title: 'First', tally: { passed: 1, failed: 0 } },
    { title: 'Second', tally: { passed: 0, failed: 1 } },
    { title: 'Third', tally: { passed: 2, failed: 0 }, files },
  ])
})

test('the stages of a lane run one after the other', async () => {
  const events: string[] = []
  const stage = (title: string): Stage => ({
    title,
    run: async () => {
      events.push(`${title} begins`)
      await Promise.resolve()
      events.push(`${title} ends`)
      return { tally: tallyOf(true) }
    },
  })
  await runStages([[stage('a'), stage('b')]], () => {})
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
})
