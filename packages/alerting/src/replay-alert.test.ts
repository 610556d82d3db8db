import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { NO_ALERT } from './alert-machine.ts'
import { replayAlert } from './replay-alert.ts'
import { transition } from './transition.ts'

const T0 = 1_700_000_000_000
const minute = (n: number) => T0 + n * 60_000
const verdicts = fc.array(fc.constantFrom('true' as const, 'holding' as const, 'false' as const, 'no_data' as const), {
  maxLength: 60,
})
const timing = fc.record({ forSeconds: fc.constantFrom(0, 60, 90), resolveAfterSeconds: fc.constantFrom(0, 60, 150) })

test('held for two minutes, then clear for a minute', () => {
  const changes = [
    { at: minute(1), verdict: 'false' as const },
    { at: minute(5), verdict: 'true' as const },
    { at: minute(9), verdict: 'false' as const },
  ]
  expect(replayAlert(changes, { forSeconds: 120, resolveAfterSeconds: 60 }, minute(20))).toEqual([
    { openedAt: minute(5), firedAt: minute(7), resolvedAt: minute(10) },
  ])
})

test('one that went away before it fired, and one that is still open at the end', () => {
  const changes = [
    { at: minute(1), verdict: 'true' as const },
    { at: minute(2), verdict: 'false' as const },
    { at: minute(4), verdict: 'true' as const },
  ]
  expect(replayAlert(changes, { forSeconds: 60, resolveAfterSeconds: 60 }, minute(9))).toEqual([
    { openedAt: minute(1), firedAt: null, resolvedAt: minute(2) },
    { openedAt: minute(4), firedAt: minute(5), resolvedAt: null },
  ])
})

test('changes alone make the alerts that a verdict every minute and a timer every second make', () => {
  fc.assert(
    fc.property(verdicts, timing, (said, rule) => {
      const until = minute(said.length + 5)
      const changes = said
        .map((verdict, i) => ({ at: minute(i), verdict }))
        .filter(({ verdict }, i) => i === 0 || said[i - 1] !== verdict)

      let machine = NO_ALERT
      const fired: number[] = []
      const resolved: number[] = []
      for (let now = T0; now <= until; now += 1000) {
        const verdict = (now - T0) % 60_000 === 0 ? (said[(now - T0) / 60_000] ?? said.at(-1)) : undefined
        const events = verdict ? [{ kind: 'verdict' as const, verdict, at: now }] : []
        for (const event of [...events, { kind: 'timer' as const }]) {
          const next = transition(machine, event, now, rule)
          machine = next.machine
          for (const effect of next.effects) {
            if (effect.kind === 'fired') fired.push(now)
            if (effect.kind === 'resolved') resolved.push(now)
          }
        }
      }
      const episodes = replayAlert(changes, rule, until).filter(({ firedAt }) => firedAt !== null)
      expect(episodes.map(({ firedAt }) => firedAt)).toEqual(fired)
      expect(episodes.flatMap(({ resolvedAt }) => resolvedAt ?? [])).toEqual(resolved)
    }),
    { numRuns: 200 },
  )
})
