import { expect, test } from 'vitest'
import { explainObjective } from './explain-objective.ts'
import { MinuteSeries } from './minute-series.ts'
import { DAY_MS, MINUTE_MS } from './minute.ts'

const AT = Date.UTC(2026, 10, 27)

test('the longest window there is, measured in every minute, is explained', () => {
  const minutes = new MinuteSeries()
  const slices = []
  for (let minute = AT - 366 * DAY_MS; minute < AT; minute += MINUTE_MS) {
    minutes.set(minute, { good: 1, total: 1 })
    const revision = minute + (minute === AT - DAY_MS ? 10 * DAY_MS : MINUTE_MS)
    slices.push({ sloId: 'slo_1', version: 1, minute, good: 1, total: 1, expected: 1, revision, revisions: 1 })
  }
  const objective = { target: 0.99, window: { kind: 'rolling', days: 366 } } as const
  const { coverage, revisions } = explainObjective(minutes, slices, objective, AT)
  expect(coverage).toEqual({ minutes: 366 * 1440, measured: 366 * 1440, withEvents: 366 * 1440 })
  expect(revisions).toEqual({ revisedMinutes: 0, newest: AT + 9 * DAY_MS })
  expect(explainObjective(new MinuteSeries(), [], objective, AT).revisions.newest).toBeNull()
})
