import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { actUrl, ALERT_LINK_VALID_MS, alertLinkToken, readAlertLink } from './alert-link.ts'

const key = randomBytes(32).toString('base64')
const link = { alertId: 'alt_1', workspaceId: 'wsp_1', responderId: null }

test('a link opens its alert for seven days', () => {
  const token = alertLinkToken(link, 1000, key)
  expect(readAlertLink(token, 1000 + ALERT_LINK_VALID_MS - 1, key)).toEqual({
    ...link,
    exp: 1000 + ALERT_LINK_VALID_MS,
  })
  expect(readAlertLink(token, 1000 + ALERT_LINK_VALID_MS, key)).toBeUndefined()
})

test('a changed link, another key and nonsense open nothing', () => {
  const token = alertLinkToken(link, 1000, key)
  const [body, signature] = token.split('.')
  const forged = Buffer.from(JSON.stringify({ ...link, alertId: 'alt_2', exp: 9e15 })).toString('base64url')
  expect(readAlertLink(`${forged}.${signature}`, 1000, key)).toBeUndefined()
  expect(readAlertLink(`${body}.`, 1000, key)).toBeUndefined()
  expect(readAlertLink(token, 1000, randomBytes(32).toString('base64'))).toBeUndefined()
  expect(readAlertLink('nonsense', 1000, key)).toBeUndefined()
})

test('the token stands in the fragment', () => {
  expect(actUrl('https://nines.example/', 'abc')).toBe('https://nines.example/act#abc')
})
