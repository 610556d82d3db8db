import { expect, test } from 'vitest'
import { incidentSeverityOf } from './incident-severity.ts'
import {
  alertAcknowledged,
  alertResolved,
  deliveryFailed,
  incidentStateChanged,
  pageCreated,
  stepSkipped,
} from './timeline.ts'

const person = { id: 'usr_1', name: 'Ada', via: 'link' }
const nobody = { id: null, name: null, via: null }

test.each([
  ['critical', 1, 'sev1'],
  ['critical', 2, 'sev2'],
  ['critical', 3, 'sev3'],
  ['critical', 4, 'sev3'],
  ['warning', 1, 'sev4'],
  ['info', 3, 'sev4'],
] as const)('a %s alert on tier %i opens a %s', (severity, tier, expected) => {
  expect(incidentSeverityOf(severity, tier)).toBe(expected)
})

test('events carry who did it, and only then', () => {
  expect(alertAcknowledged({ id: 'alt_1', at: 5 }, person)).toMatchObject({
    summary: 'Acknowledged by Ada',
    actorId: 'usr_1',
    actorName: 'Ada',
    data: { via: 'link' },
  })
  expect(alertResolved({ id: 'alt_1', at: 5 }, 'condition', person).actorName).toBeNull()
  const state = { id: 'inc_1', version: 2, from: 'open', to: 'resolved', at: 5 } as const
  expect(incidentStateChanged(state, nobody).summary).toBe('Incident resolved: all its alerts are resolved')
  expect(incidentStateChanged(state, person).summary).toBe('Incident resolved by Ada')
})

test('steps and rounds are counted from one for people', () => {
  const page = {
    id: 'pag_1',
    alertId: 'alt_1',
    step: 1,
    round: 2,
    responderName: null,
    channelName: 'Ops',
    reason: '',
    at: 1,
  }
  expect(pageCreated(page).summary).toBe('Paged a channel through Ops (step 2, round 3)')
  const moment = { escalationId: 'esc_1', alertId: 'alt_1', step: 0, round: 0, at: 1 }
  expect(stepSkipped(moment, 'nobody is on call').summary).toBe('Nobody paged by step 1: nobody is on call')
})

test('the first failed attempt and the last are two events, repeats of each are one', () => {
  const failed = {
    messageId: 'msg_1',
    pageId: null,
    channelName: 'Ops',
    attempt: 1,
    error: 'status 500',
    final: false,
    at: 1,
  }
  expect(deliveryFailed({ ...failed, attempt: 2 }).sourceId).toBe(deliveryFailed(failed).sourceId)
  expect(deliveryFailed({ ...failed, final: true }).sourceId).not.toBe(deliveryFailed(failed).sourceId)
})
