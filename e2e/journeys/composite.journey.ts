import type { Page } from '@playwright/test'
import { createService, createSlo } from '@nines/contracts'
import type { OnCallFixture } from '../scenarios/on-call-fixture.ts'
import type { NinesStack } from '../stack/nines-stack.ts'
import { sendHistory } from '../stack/otlp-history.ts'
import { expect as expectNow, test } from './stack-test.ts'

const SERVICE = 'journey-till'
const MINUTE_MS = 60_000
const MINUTES = 120
/** Of a hundred requests a minute. */
const FAILED = { cart: 0, pay: 10 } as const

/** A new SLO is computed in seconds; more where the machine is busy. */
const expect = expectNow.configure({ timeout: 40_000 })
test.describe.configure({ timeout: 120_000 })

test('a composite is made of two SLOs by keyboard alone, and says which of them spent its budget', async ({
  signedIn: page,
  stack,
  onCall,
}) => {
  const workspace = `${stack.apiUrl}/w/${onCall.workspace}`
  await twoSteps(stack, onCall)

  await test.step('kind, members and combination are chosen without a mouse', async () => {
    await page.goto(`${workspace}/slos/new`)
    await type(page, 'Name', 'Buying works')
    await pick(page, 'Service', 'Till')
    await pick(page, 'Kind of SLI', 'Composite: other SLOs together', { steps: 6 })
    await pick(page, 'Together they count as', 'Steps that must all succeed', { steps: 3 })
    await pick(page, 'Add an SLO', 'Cart answers · Till')
    await pick(page, 'Add an SLO', 'Payment answers · Till')
    const members = page.getByRole('list', { name: 'Members' }).getByRole('listitem')
    await expect(members).toHaveCount(2)
    await type(page, 'Target', '95')
    await page.getByRole('button', { name: 'Create SLO' }).press('Enter')
    await expect(page.getByRole('heading', { name: 'Buying works' })).toBeVisible()
  })

  await test.step('its SLI is the product, and all that was spent is payment’s', async () => {
    await expect(page.getByRole('button', { name: /^SLI/ })).toContainText('90.0')
    const rows = page.getByRole('table', { name: 'Members' }).getByRole('row')
    await expect(rows.filter({ hasText: 'Payment answers' }).getByRole('cell').last()).toHaveText('100.0 %')
    await expect(rows.filter({ hasText: 'Cart answers' }).getByRole('cell').last()).toHaveText('0.0 %')
  })

  await test.step('each member says what it is part of', async () => {
    await page.getByRole('table', { name: 'Members' }).getByRole('link', { name: 'Payment answers' }).press('Enter')
    await expect(page.getByRole('heading', { name: 'Payment answers' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Buying works' })).toBeVisible()
  })
})

/** Two SLOs of a service with two hours of requests each. */
async function twoSteps(stack: NinesStack, { admin }: OnCallFixture): Promise<void> {
  const service = await admin.call(createService, { body: { slug: SERVICE, name: 'Till' } })
  const to = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  const startMs = to - MINUTES * MINUTE_MS
  const counter = (step: keyof typeof FAILED, outcome: 'ok' | 'error') => {
    const perMinute = outcome === 'ok' ? 100 - FAILED[step] : FAILED[step]
    const points = Array.from({ length: MINUTES + 1 }, (_, i): [number, number] => [
      startMs + i * MINUTE_MS - 1,
      i * perMinute,
    ])
    const attributes = { step, outcome }
    return { metric: 'till.requests', attributes, service: SERVICE, startMs: startMs - MINUTE_MS, points }
  }
  await sendHistory(stack.ingestUrl, stack.ingestKey, [
    counter('cart', 'ok'),
    counter('cart', 'error'),
    counter('pay', 'ok'),
    counter('pay', 'error'),
  ])
  for (const [step, name] of [
    ['cart', 'Cart answers'],
    ['pay', 'Payment answers'],
  ] as const) {
    const only = (labels: Record<string, string>) => ({
      metric: 'till.requests',
      matchers: Object.entries(labels).map(([label, value]) => ({ label, op: '=' as const, value })),
    })
    await admin.call(createSlo, {
      body: {
        slug: `${SERVICE}-${step}`,
        name,
        serviceId: service.id,
        target: 0.99,
        window: { kind: 'rolling', days: 30 },
        sli: { kind: 'ratio', bad: only({ step, outcome: 'error' }), total: only({ step }) },
      },
    })
  }
}

/** A field by the keyboard: focus as Tab gives it, then its text. */
async function type(page: Page, label: string, text: string): Promise<void> {
  const field = input(page, label)
  await field.focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(text)
}

/** Takes an option of a list by the keyboard: a searchable one by its words, others by so many steps down. */
async function pick(page: Page, label: string, option: string, { steps }: { steps?: number } = {}): Promise<void> {
  await input(page, label).focus()
  if (steps === undefined) await page.keyboard.type(option)
  else await page.keyboard.press('ArrowDown')
  const wanted = page.getByRole('option', { name: option, exact: true })
  await expect(wanted).toBeVisible()
  for (let i = 0; i < (steps ?? 1); i++) await page.keyboard.press('ArrowDown')
  await expect(wanted).toHaveAttribute('data-combobox-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(wanted).toBeHidden()
}

/** A field and the list of its options share a label. */
const input = (page: Page, label: string) => page.locator('input').and(page.getByLabel(label, { exact: true }))
