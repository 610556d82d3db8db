import { createCorrection } from '@nines/contracts'
import { expect, test } from 'vitest'
import { correctionBody, recurrenceText, type CorrectionFormValues } from './correction-form.ts'

const values: CorrectionFormValues = {
  scope: 'slo',
  effect: 'exclude',
  from: '2026-03-30T09:00',
  to: '2026-03-30T17:00',
  timeZone: 'Europe/Berlin',
  repeat: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  rrule: '',
  outside: true,
  reason: 'Only business hours count',
}
const slo = { id: 'slo_1', serviceId: 'svc_1' }

test('times are those of the chosen zone, and the body is what the API takes', () => {
  const body = correctionBody(values, slo)
  expect(body).toEqual({
    sloId: 'slo_1',
    serviceId: null,
    effect: 'exclude',
    startsAt: '2026-03-30T07:00:00.000Z',
    endsAt: '2026-03-30T15:00:00.000Z',
    rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    timeZone: 'Europe/Berlin',
    outside: true,
    reason: 'Only business hours count',
  })
  expect(createCorrection.body?.safeParse(body).success).toBe(true)
})

test('maintenance has no outside, and what does not repeat has no rule', () => {
  const body = correctionBody({ ...values, scope: 'service', effect: 'count', repeat: 'never' }, slo)
  expect(body).toMatchObject({ sloId: null, serviceId: 'svc_1', outside: false, rrule: null })
  expect(correctionBody({ ...values, repeat: 'custom', rrule: 'FREQ=YEARLY' }, slo).rrule).toBe('FREQ=YEARLY')
})

test('a recurrence by its name, else as it is', () => {
  expect(recurrenceText({ rrule: 'FREQ=DAILY', timeZone: 'UTC' })).toBe('Every day (UTC)')
  expect(recurrenceText({ rrule: 'FREQ=MONTHLY', timeZone: 'UTC' })).toBe('FREQ=MONTHLY (UTC)')
  expect(recurrenceText({ rrule: null, timeZone: 'UTC' })).toBeNull()
})
