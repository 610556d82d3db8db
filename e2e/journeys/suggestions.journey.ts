import { createService } from '@nines/contracts'
import type { NinesStack } from '../stack/nines-stack.ts'
import { expect, test } from './stack-test.ts'

const SERVICE = 'journey-orders'
const MINUTE_MS = 60_000
test.describe.configure({ timeout: 90_000 })

test('what a service sends becomes a suggestion, the suggestion a form, and the form an SLO', async ({
  signedIn: page,
  stack,
  onCall,
}) => {
  const workspace = `${stack.apiUrl}/w/${onCall.workspace}`
  const service = await onCall.admin.call(createService, { body: { slug: SERVICE, name: 'Journey orders' } })
  const address = `${workspace}/slos/suggestions?service=${service.id}`

  await test.step('before anything came it says so, and what to send', async () => {
    await page.goto(address)
    await expect(page.getByRole('heading', { name: 'No telemetry of this service' })).toBeVisible()
    await expect(page.getByText('spans of kind server')).toBeVisible()
  })

  const card = page.getByRole('article', { name: 'Journey orders answers without errors' })
  await test.step('its requests give a target with the evidence', async () => {
    await sendRequests(stack)
    await expect(async () => {
      await page.goto(address)
      await expect(card).toBeVisible({ timeout: 5_000 })
    }).toPass({ timeout: 40_000 })
    await expect(card).toContainText('99.5 %')
    await expect(card).toContainText('Provisional')
  })

  await test.step('the form is filled in, and what it saves covers the suggestion', async () => {
    await card.getByRole('link', { name: /Review and create/ }).click()
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Journey orders answers without errors')
    await expect(page.getByLabel('Short name')).toHaveValue(`${SERVICE}-availability`)
    await page.getByRole('button', { name: 'Create SLO' }).click()
    await expect(page.getByRole('heading', { name: 'Journey orders answers without errors' })).toBeVisible()
    await page.goto(address)
    await expect(card).toContainText('Covered by')
  })
})

/** Two hours of OTLP deltas: ten requests a minute, of which two failed in all. */
async function sendRequests(stack: NinesStack): Promise<void> {
  const to = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 2 * MINUTE_MS
  const points = (status: string, countOf: (i: number) => number) =>
    Array.from({ length: 120 }, (_, i) => ({
      attributes: [{ key: 'http.response.status_code', value: { stringValue: status } }],
      startTimeUnixNano: nanos(to - (120 - i) * MINUTE_MS),
      timeUnixNano: nanos(to - (120 - i) * MINUTE_MS + 30_000),
      asInt: String(countOf(i)),
    }))
  const failed = (i: number) => Number(i === 40 || i === 80)
  const dataPoints = [...points('200', (i) => 10 - failed(i)), ...points('500', failed)]
  const metrics = [{ name: 'orders.requests', sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints } }]
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: SERVICE } }] }
  const answer = await fetch(`${stack.ingestUrl}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stack.ingestKey}` },
    body: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }),
  })
  expect(answer.status).toBe(200)
}

function nanos(ms: number): string {
  return String(BigInt(ms) * 1_000_000n)
}
