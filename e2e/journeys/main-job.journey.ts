import type { Page } from '@playwright/test'
import { getSlo, webhookBody, type WebhookBody } from '@nines/contracts'
import type { ReceivedRequest } from '@nines/testkit'
import { Webhook } from 'standardwebhooks'
import {
  createShopService,
  PAST_LAST_HOUR,
  TARGET,
  type OnCallFixture,
  type Responder,
} from '../scenarios/on-call-fixture.ts'
import { ShopTraffic } from '../scenarios/shop-traffic.ts'
import { eventually } from '../stack/eventually.ts'
import type { NinesStack } from '../stack/nines-stack.ts'
import { expect, STEP_DELAY_SECONDS, test } from './stack-test.ts'

test('a page, an incident on screen, an acknowledgement from a phone, recovery, and a published review', async ({
  signedIn: page,
  browser,
  stack,
  onCall,
}) => {
  test.setTimeout(300_000)
  const traffic = await healthyShop(stack, onCall, 'checkout')
  try {
    await page.goto(`${stack.apiUrl}/w/${onCall.workspace}/incidents`)
    await markDocument(page)
    traffic.run(10, 100)
    const body = await pageOf(onCall.first, 'checkout', traffic)
    await expect(page.getByRole('link', { name: /checkout/ }).first()).toBeVisible()
    await expectSameDocument(page)

    await test.step('acknowledge on a phone, without signing in', async () => {
      const phone = await browser.newContext({ viewport: { width: 390, height: 844 } })
      const link = await phone.newPage()
      await link.goto(body.data.links?.act ?? '')
      await link.getByRole('button', { name: 'Acknowledge' }).click()
      await expect(link.getByText('Acknowledged: the escalation has stopped.')).toBeVisible()
      await phone.close()
    })

    await test.step('the incident shows it and takes a mitigation', async () => {
      await page
        .getByRole('link', { name: /checkout/ })
        .first()
        .click()
      await expect(page.getByText('Acknowledged', { exact: true }).first()).toBeVisible()
      await page.getByRole('textbox', { name: 'What happened' }).fill('Rolled the payment client back')
      await page.getByText('Mitigation', { exact: true }).click()
      await page.getByRole('button', { name: 'Add to timeline' }).click()
      await expect(page.getByText('Rolled the payment client back')).toBeVisible()
    })

    await test.step('recovery resolves the incident on screen and offers the review', async () => {
      await markDocument(page)
      traffic.run(10, 0)
      traffic.add(300_000, 0)
      await expect(page.getByRole('link', { name: 'Open review' })).toBeVisible({ timeout: 120_000 })
      await expectSameDocument(page)
      // Longer than a step may wait: had the acknowledgement not stopped the escalation, somebody else was paged by now.
      expect(onCall.second.sink.requests.filter((r) => r.body.includes('checkout'))).toEqual([])
    })

    await writeReview(page)
  } finally {
    await traffic.stop()
  }
})

test('nobody acknowledges: the second step is paged, and the alert page shows both', async ({
  signedIn: page,
  stack,
  onCall,
}) => {
  test.setTimeout(120_000)
  const traffic = await healthyShop(stack, onCall, 'payments')
  try {
    traffic.run(10, 100)
    const body = await pageOf(onCall.first, 'payments', traffic)
    await page.goto(body.data.links?.alert ?? '')
    await expect(page.getByText(onCall.first.name).first()).toBeVisible()
    await markDocument(page)
    const second = await onCall.second.sink.waitFor(
      (r) => r.body.includes('payments'),
      (STEP_DELAY_SECONDS + 10) * 1000,
    )
    verified(onCall.second, second)
    await expect(page.getByText(onCall.second.name).first()).toBeVisible()
    await expectSameDocument(page)
    await page.getByRole('button', { name: 'Acknowledge' }).first().click()
    await expect(page.getByText('Acknowledged').first()).toBeVisible()
  } finally {
    await traffic.stop()
  }
})

async function healthyShop(stack: NinesStack, onCall: OnCallFixture, slug: string): Promise<ShopTraffic> {
  const id = await createShopService(stack, onCall, slug)
  await eventually('SLO status', async () => {
    const { status } = await onCall.admin.call(getSlo, { params: { id } })
    return status !== null && status.total > PAST_LAST_HOUR
  })
  const { ingestUrl, ingestKey: key } = stack
  return new ShopTraffic({ service: slug, ingestUrl, key, target: TARGET, historyLastHour: PAST_LAST_HOUR })
}

/** The page within 5 s of the burn being due, its signature verified. */
async function pageOf(responder: Responder, slug: string, traffic: ShopTraffic): Promise<WebhookBody> {
  const request = await responder.sink.waitFor((r) => r.body.includes('page.created') && r.body.includes(slug), 60_000)
  const lateMs = request.receivedAtMs - (traffic.dueAt ?? Number.NaN)
  expect(lateMs).toBeGreaterThanOrEqual(0)
  expect(lateMs).toBeLessThanOrEqual(5000)
  return verified(responder, request)
}

function verified(responder: Responder, request: ReceivedRequest): WebhookBody {
  new Webhook(responder.secret).verify(request.body, request.headers as Record<string, string>)
  return webhookBody.parse(JSON.parse(request.body))
}

const MARK = 'data-e2e-document'

/** A reload makes a new document, without the mark. */
async function markDocument(page: Page): Promise<void> {
  await page.locator('html').evaluate((html, mark) => html.setAttribute(mark, 'same'), MARK)
}

async function expectSameDocument(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute(MARK, 'same')
}

async function writeReview(page: Page): Promise<void> {
  await test.step('the review is edited, gets an action item, and is published', async () => {
    await page.getByRole('link', { name: 'Open review' }).click()
    await expect(page.getByText('Draft', { exact: true }).first()).toBeVisible()
    await expect(page.getByText('Rolled the payment client back').first()).toBeVisible()
    await page.getByRole('button', { name: 'Add factor' }).click()
    await page.getByRole('textbox', { name: 'Factor', exact: true }).fill('The new payment client had no timeout')
    await page.getByRole('textbox', { name: 'New action item' }).fill('Set a timeout in the shared client')
    await page.getByRole('button', { name: 'Add action' }).click()
    await expect(page.getByRole('group', { name: 'Action: Set a timeout in the shared client' })).toBeVisible()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('All changes saved')).toBeVisible()
    await page.getByRole('button', { name: 'Publish' }).click()
    await expect(page.getByText('Published', { exact: true }).first()).toBeVisible()
    await page.goto(`${page.url().split('?')[0]}?view=read`)
    await expect(page.getByText('The new payment client had no timeout')).toBeVisible()
    await expect(page.getByText('Set a timeout in the shared client')).toBeVisible()
  })
}
