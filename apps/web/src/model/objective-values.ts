import type { CalendarUnit, Objective } from '@nines/contracts'
import { randomId } from '@mantine/hooks'
import { zoneOf } from './format-time.ts'

/** An objective while it is being filled in; both kinds of window side by side, so that switching loses nothing. */
export interface ObjectiveValues {
  /** Of this entry of the form. */
  key: string
  /** In percent, as people say it: 99.9. */
  targetPercent: number | ''
  windowKind: Objective['window']['kind']
  days: number | ''
  unit: CalendarUnit
  zone: string
}

export function objectiveToValues(objective: Objective | undefined): ObjectiveValues {
  const { target = 0.999, window = { kind: 'rolling', days: 30 } } = objective ?? {}
  const values: ObjectiveValues = {
    key: randomId(),
    targetPercent: Number((target * 100).toPrecision(12)),
    windowKind: window.kind,
    days: 30,
    unit: 'month',
    zone: zoneOf('local'),
  }
  return window.kind === 'rolling'
    ? { ...values, days: window.days }
    : { ...values, unit: window.unit, zone: window.zone }
}

export function valuesToObjective(values: ObjectiveValues): Objective {
  return {
    // Percent to fraction without binary noise: 99.9 -> 0.999.
    target: Number((Number(values.targetPercent) / 100).toPrecision(12)),
    window:
      values.windowKind === 'rolling'
        ? { kind: 'rolling', days: Number(values.days) }
        : { kind: 'calendar', unit: values.unit, zone: values.zone },
  }
}

/** The API names the fields of an objective; the form holds them flat. */
export function objectiveFieldName(path: string): string {
  return path
    .replace(/\btarget$/, 'targetPercent')
    .replace(/\bwindow\.kind$/, 'windowKind')
    .replace(/\bwindow\.(days|unit|zone)$/, '$1')
}
