import type { EscalationSnapshot } from '@nines/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextStep, type StepReach } from './next-step.ts'

const policy = (delays: number[], repeatCount: number): EscalationSnapshot => ({
  policyId: 'pol_1',
  name: 'Default',
  repeatCount,
  steps: delays.map((delaySeconds, i) => ({ delaySeconds, targets: [{ kind: 'user', userId: `usr_${i}` }] })),
})
const yes: StepReach = { reachable: true }
const no: StepReach = { reachable: false, reason: 'nobody is on call' }

/** Walks a policy to its end, each step at its due time: `step.round@second`, skipped steps in brackets. */
function walk(snapshot: EscalationSnapshot, reachAt: (second: number) => StepReach[]): string[] {
  const log: string[] = []
  let position = { step: 0, round: 0 }
  let now = 0
  for (let guard = 0; guard < 1000; guard++) {
    const decision = nextStep(snapshot, position, reachAt(now / 1000), now)
    log.push(...decision.skipped.map((s) => `(${s.step}.${s.round})`))
    if (decision.kind === 'exhausted') return [...log, `end@${now / 1000}`]
    log.push(decision.kind === 'page' ? `${decision.at.step}.${decision.at.round}@${now / 1000}` : `wait@${now / 1000}`)
    position = decision.next
    now = decision.dueAt
  }
  throw new Error('the walk does not end')
}

test.each([
  ['one step, no repeat', policy([60], 0), [yes], ['0.0@0', 'end@60']],
  ['two steps, repeated once', policy([60, 30], 1), [yes, yes], ['0.0@0', '1.0@60', '0.1@90', '1.1@150', 'end@180']],
  ['an empty first step costs no time', policy([60, 30], 0), [no, yes], ['(0.0)', '1.0@0', 'end@30']],
  [
    'an empty last step goes on to the next round',
    policy([60, 30], 1),
    [yes, no],
    ['0.0@0', '(1.0)', '0.1@60', '(1.1)', 'end@120'],
  ],
  [
    'nobody at all is tried again after a minute',
    policy([5, 5], 1),
    [no, no],
    ['(0.0)', '(1.0)', 'wait@0', '(0.1)', '(1.1)', 'end@60'],
  ],
])('%s', (_name, snapshot, reach, expected) => {
  expect(walk(snapshot, () => reach)).toEqual(expected)
})

test('somebody who comes on call during the wait is paged', () => {
  expect(walk(policy([5], 1), (second) => [second >= 60 ? yes : no])).toEqual(['(0.0)', 'wait@0', '0.1@60', 'end@65'])
})

test('a skipped step says why', () => {
  const decision = nextStep(policy([5, 5], 0), { step: 0, round: 0 }, [no, yes], 0)
  expect(decision.skipped).toEqual([{ step: 0, round: 0, reason: 'nobody is on call' }])
})

test('when everybody is reachable, every step of every round pages exactly once, in order, at the sum of the delays', () => {
  const delays = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 10 })
  fc.assert(
    fc.property(delays, fc.nat(20), (list, repeatCount) => {
      const expected: string[] = []
      let second = 0
      for (let round = 0; round <= repeatCount; round++) {
        for (const [step, delay] of list.entries()) {
          expected.push(`${step}.${round}@${second}`)
          second += delay
        }
      }
      expect(walk(policy(list, repeatCount), () => list.map(() => yes))).toEqual([...expected, `end@${second}`])
    }),
    { numRuns: 100 },
  )
})

test('whatever can be reached, the walk ends and each position is paged or skipped exactly once', () => {
  const reach = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(reach, fc.nat(4), (reachable, repeatCount) => {
      const log = walk(
        policy(
          reachable.map(() => 10),
          repeatCount,
        ),
        () => reachable.map((r) => (r ? yes : no)),
      )
      const visited = log.filter((l) => !/^(wait|end)/.test(l)).map((l) => l.replaceAll(/[()]|@.*/g, ''))
      const all = Array.from({ length: repeatCount + 1 }, (_, round) =>
        reachable.map((_r, s) => `${s}.${round}`),
      ).flat()
      expect(visited).toEqual(all)
    }),
    { numRuns: 200 },
  )
})
