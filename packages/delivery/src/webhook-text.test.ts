import { webhookBody } from '@nines/contracts'
import { expect, test } from 'vitest'
import { channelTestText, pageText, resolvedText, type AlertFacts } from './webhook-text.ts'

const context = { workspaceSlug: 'main', publicUrl: 'https://nines.example/', now: Date.parse('2026-01-02T03:04:05Z') }
const alert: AlertFacts = {
  id: 'alt_1',
  severity: 'critical',
  state: 'firing',
  summary: 'Checkout burns',
  firedAt: context.now - 1000,
  resolvedAt: null,
  service: { id: 'svc_1', name: 'Checkout', runbookUrl: 'https://runbooks.example/checkout' },
  slo: { id: 'slo_1', name: 'Availability', target: 0.999, budgetRemaining: null },
  incident: { id: 'inc_1', number: 7 },
}
const page = { id: 'pag_1', step: 0, round: 1, responder: null, reason: 'step 1 names this channel' }

test('a page says what is wrong, who is paged why, and where to act', () => {
  const body = webhookBody.parse(JSON.parse(pageText(context, alert, page, 'tok')))
  expect(body.type).toBe('page.created')
  expect(body.timestamp).toBe('2026-01-02T03:04:05.000Z')
  expect(body.data.message).toBe('[critical] Checkout burns')
  expect(body.data.page).toEqual({ ...page, step: 1, round: 2 })
  expect(body.data.alert?.firedAt).toBe('2026-01-02T03:04:04.000Z')
  expect(body.data.incident).toEqual({ id: 'inc_1', number: 7, url: 'https://nines.example/w/main/incidents/inc_1' })
  expect(body.data.links).toEqual({
    alert: 'https://nines.example/w/main/alerts/alt_1',
    act: 'https://nines.example/act#tok',
  })
})

test('a notice of resolution names no page, a test message no alert', () => {
  const over = { ...alert, state: 'resolved', resolvedAt: context.now, incident: null }
  const resolved = webhookBody.parse(JSON.parse(resolvedText(context, over, 'tok')))
  expect(resolved.data).toMatchObject({ message: '[resolved] Checkout burns', alert: { state: 'resolved' } })
  expect(resolved.data.page).toBeUndefined()
  expect(resolved.data.incident).toBeUndefined()
  expect(webhookBody.parse(JSON.parse(channelTestText(context, 'Ops'))).data).toEqual({
    workspace: 'main',
    message: 'Test message to channel Ops',
  })
})
