import type { createCorrection, BodyOf, CorrectionDto } from '@nines/contracts'
import { fromInputValue } from './format-time.ts'

export const CORRECTION_EFFECT = {
  exclude: 'Excluded',
  good: 'Counts as good',
  count: 'Maintenance',
} as const

/** Recurrences with a name, and one to write by hand. */
export const REPEATS = [
  { value: 'never', label: 'Does not repeat' },
  { value: 'FREQ=DAILY', label: 'Every day' },
  { value: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', label: 'Monday to Friday' },
  { value: 'FREQ=WEEKLY', label: 'Every week' },
  { value: 'custom', label: 'By an RRULE' },
]

export type CorrectionFormValues = {
  scope: 'slo' | 'service'
  effect: 'exclude' | 'good' | 'count'
  from: string
  to: string
  timeZone: string
  repeat: string
  rrule: string
  outside: boolean
  reason: string
}

/** What the API is sent: the times as the clocks of the form's zone show them. */
export function correctionBody(
  values: CorrectionFormValues,
  slo: { id: string; serviceId: string },
): BodyOf<typeof createCorrection> {
  const { scope, effect, timeZone, repeat, reason } = values
  const instant = (text: string) => {
    const at = fromInputValue(text, timeZone)
    return at === null ? '' : new Date(at).toISOString()
  }
  const rrule = repeat === 'never' ? null : repeat === 'custom' ? values.rrule : repeat
  return {
    sloId: scope === 'slo' ? slo.id : null,
    serviceId: scope === 'service' ? slo.serviceId : null,
    effect,
    startsAt: instant(values.from),
    endsAt: instant(values.to),
    rrule,
    timeZone,
    outside: values.outside && effect !== 'count',
    reason,
  }
}

/** `every day (Europe/Berlin)`; the rule itself where it has no name; null for once. */
export function recurrenceText({ rrule, timeZone }: Pick<CorrectionDto, 'rrule' | 'timeZone'>): string | null {
  if (rrule === null) return null
  const named = REPEATS.find(({ value }) => value === rrule)
  return `${named?.label ?? rrule} (${timeZone})`
}
