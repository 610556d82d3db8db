import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { newWebhookSecret, webhookHeaders } from './sign-webhook.ts'

test('matches the fixed vector of the Standard Webhooks specification', () => {
  const headers = webhookHeaders({
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestampSeconds: 1614265330,
    body: '{"test": 2432232314}',
    secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  })
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('during a rotation a receiver with either secret verifies it, one with another does not', () => {
  const [current, previous, foreign] = [newWebhookSecret(), newWebhookSecret(), newWebhookSecret()]
  const body = JSON.stringify({ type: 'channel.test', text: 'grüße ✓' })
  const timestampSeconds = Math.floor(Date.now() / 1000)
  const headers = webhookHeaders({ id: 'msg_1', timestampSeconds, body, secrets: [current, previous] })
  expect(new Webhook(current).verify(body, headers)).toEqual(JSON.parse(body))
  expect(new Webhook(previous).verify(body, headers)).toEqual(JSON.parse(body))
  expect(() => new Webhook(foreign).verify(body, headers)).toThrow('No matching signature found')
  expect(() => new Webhook(current).verify(`${body} `, headers)).toThrow('No matching signature found')
})

test('nothing is sent unsigned', () => {
  expect(() => webhookHeaders({ id: 'msg_1', timestampSeconds: 1, body: '', secrets: [] })).toThrow('signing secret')
})
