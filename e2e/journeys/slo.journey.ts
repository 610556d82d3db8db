import type { Page } from '@playwright/test'
import { applyCode, createService, recordChange } from '@nines/contracts'
import type { OnCallFixture } from '../scenarios/on-call-fixture.ts'
import type { NinesStack } from '../stack/nines-stack.ts'
import { sendHistory } from '../stack/otlp-history.ts'
import { expect as expectNow, test } from './stack-test.ts'

const SERVICE = 'journey-basket'
const MINUTE_MS = 60_000
/** Two and a half hours of a request every six seconds, of which ten minutes fail, over an hour ago. */
const PAST_MINUTES = 150
const OUTAGE = { from: -75, to: -65 }

/** A new SLO is computed, and a correction taken over, in seconds; more where the machine is busy. */
const expect = expectNow.configure({ timeout: 40_000 })

test.describe.configure({ timeout: 300_000 })

test('an SLO by slices of time is tried out, saved, explained, accounted for, let pass and corrected', async ({
  signedIn: page,
  stack,
  onCall,
}) => {
  const workspace = `${stack.apiUrl}/w/${onCall.workspace}`
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  await basketWithOutage(stack, onCall, now)

  await test.step('the form says that it would have paged, before anything is saved', async () => {
    await page.goto(`${workspace}/slos/new`)
    await field(page, 'Name').fill('Basket answers')
    await choose(page, 'Service', 'Basket')
    await field(page, 'All events: metric').fill('basket.requests')
    await page.getByText('I count the bad ones').click()
    await field(page, 'Bad events: metric').fill('basket.requests')
    await page.getByRole('button', { name: 'Bad events: add condition' }).click()
    await field(page, 'Bad events: label 1').fill('outcome')
    await field(page, 'Bad events: value 1').fill('error')
    await page.getByText('Good slices of time').click()
    await field(page, 'Target').fill('99')
    // Ten bad minutes of sixty burn at 16.7; a page needs 14.4.
    await expect(page.getByText(/it would have paged once/)).toBeVisible()
    await page.getByRole('button', { name: 'Add an objective' }).click()
    await page.getByRole('button', { name: 'Create SLO' }).click()
    await expect(page.getByRole('heading', { name: 'Basket answers' })).toBeVisible()
  })

  const ledger = page.getByRole('table', { name: 'What spent the budget' })
  await test.step('its ledger puts the burn down to the deploy before it', async () => {
    // Its minutes are stored in a moment; the panel looks again when it hears of that, and once a minute.
    const burn = ledger.getByRole('row', { name: /Deploy of Basket 7\.1/ })
    await expect(burn).toContainText('10', { timeout: 90_000 })
    await page.getByLabel('Objective', { exact: true }).selectOption('99.9 % over 30 days')
    expect(new URL(page.url()).searchParams.get('objective')).toBe('1')
    await expect(burn).toContainText('10')
    await ledger.getByRole('link', { name: 'Deploy of Basket 7.1' }).click()
    const drawer = page.getByRole('dialog', { name: 'What came of this change?' })
    // Of each of its two objectives.
    await expect(drawer.getByText(/10 bad slices in 10 min/)).toHaveCount(2)
    await drawer.getByRole('link', { name: 'Basket answers' }).click()
  })

  await test.step('a figure says how it came about', async () => {
    await page.getByRole('button', { name: /^Error budget left/ }).click()
    const drawer = page.getByRole('dialog', { name: 'Why these numbers?' })
    await expect(drawer.getByText('1 − (total − good) ÷ budget').first()).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(drawer).toBeHidden()
  })

  await test.step('the budget is spent: deploys are frozen until somebody lets them pass', async () => {
    await expect(page.getByText('Frozen.')).toBeVisible()
    await page.getByRole('button', { name: 'Let deploys pass' }).click()
    await page.getByLabel('Why').fill('The fix of the basket')
    await page.getByRole('button', { name: 'Let deploys pass' }).click()
    await expect(page.getByText('Allowed.')).toBeVisible()
    await expect(page.getByRole('table', { name: 'Exceptions' })).toContainText('The fix of the basket')
  })

  await test.step('the outage was a load test: it is left out, and the budget is whole again', async () => {
    await page.getByRole('button', { name: 'Correct', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Correct the figures' })
    await dialog.getByLabel('From').fill(inputTime(now + OUTAGE.from * MINUTE_MS))
    await dialog.getByLabel('To', { exact: true }).fill(inputTime(now + OUTAGE.to * MINUTE_MS))
    await dialog.getByLabel('Why').fill('Load test')
    await dialog.getByRole('button', { name: 'Correct', exact: true }).click()
    await expect(dialog).toBeHidden()
    await expect(page.getByText('Corrections keep out 10 bad slices of 10 min.')).toBeVisible()
    await expect(page.getByRole('button', { name: /^Error budget left/ })).toContainText('100 %')
  })
})

test('an SLO from code shows where it comes from and is edited there only', async ({
  signedIn: page,
  stack,
  onCall,
}) => {
  const content = [
    'apiVersion: openslo/v1',
    'kind: SLO',
    'metadata: { name: stock-answers, displayName: Stock answers }',
    'spec:',
    '  service: stock',
    '  indicator:',
    '    metadata: { name: stock-errors }',
    '    spec:',
    '      ratioMetric:',
    '        counter: true',
    '        bad: { metricSource: { type: Nines, spec: { selector: { metric: stock.errors } } } }',
    '        total: { metricSource: { type: Nines, spec: { selector: { metric: stock.requests } } } }',
    '  timeWindow: [{ duration: 30d, isRolling: true }]',
    '  budgetingMethod: Occurrences',
    '  objectives: [{ targetPercent: 99.9 }]',
    '---',
    'apiVersion: openslo/v1',
    'kind: Service',
    'metadata: { name: stock, displayName: Stock }',
    'spec: {}',
  ].join('\n')
  const files = [{ path: 'slos/stock.yaml', content }]
  await onCall.admin.call(applyCode, { body: { files, commit: '0123456789abcdef0123456789abcdef01234567' } })
  await page.goto(`${stack.apiUrl}/w/${onCall.workspace}/slos`)
  await page.getByRole('link', { name: 'Stock answers' }).click()
  const source = page.getByRole('note')
  await expect(source).toContainText('From code: slos/stock.yaml at 0123456')
  await expect(source).toContainText('Read-only here')
  await expect(page.getByRole('link', { name: 'Edit' })).toHaveCount(0)
  await page.goto(`${page.url().split('?')[0]}/edit`)
  await expect(page.getByText('This SLO comes from code')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save SLO' })).toHaveCount(0)
})

/** A service whose requests failed for ten minutes, two minutes after a deploy that its pipeline told of. */
async function basketWithOutage(stack: NinesStack, { admin }: OnCallFixture, now: number): Promise<void> {
  await admin.call(createService, { body: { slug: SERVICE, name: 'Basket' } })
  const startedAt = new Date(now + (OUTAGE.from - 2) * MINUTE_MS).toISOString()
  await admin.call(recordChange, { body: { externalId: 'e2e-1', service: 'Basket', version: '7.1', startedAt } })
  const startMs = now - PAST_MINUTES * MINUTE_MS
  const counter = (outcome: 'ok' | 'error') => {
    let sum = 0
    const points = Array.from({ length: PAST_MINUTES + 1 }, (_, i): [number, number] => {
      // A point ends the minute before it.
      const minute = i - 1 - PAST_MINUTES
      const isDown = minute >= OUTAGE.from && minute < OUTAGE.to
      if (i > 0 && isDown === (outcome === 'error')) sum += 10
      return [startMs + i * MINUTE_MS - 1, sum]
    })
    return {
      metric: 'basket.requests',
      attributes: { outcome },
      service: SERVICE,
      startMs: startMs - MINUTE_MS,
      points,
    }
  }
  await sendHistory(stack.ingestUrl, stack.ingestKey, [counter('ok'), counter('error')])
}

/** A field and the list of its suggestions share a label. */
const field = (page: Page, label: string) => page.locator('input').and(page.getByLabel(label, { exact: true }))

/** Opens a select by its label and takes the option. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await page
    .locator('input')
    .and(page.getByLabel(label, { exact: true }))
    .click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** As a datetime-local field takes it; the browser shows UTC. */
const inputTime = (at: number) => new Date(at).toISOString().slice(0, 16)
