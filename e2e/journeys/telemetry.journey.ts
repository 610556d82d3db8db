import { getTelemetrySettings } from '@nines/contracts'
import { ROOT_CONTEXT, SeverityNumber, trace, TraceFlags } from '@opentelemetry/api'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { traceCheckout, type TracedCheckout } from '../senders/traced-checkout.fixture.ts'
import type { NinesStack } from '../stack/nines-stack.ts'
import { expect, test } from './stack-test.ts'

const SERVICE = 'journey-shop'
test.describe.configure({ timeout: 60_000 })

test('a record is found by its words, leads to its trace, and the trace to all of its records', async ({
  signedIn: page,
  stack,
  onCall,
}) => {
  const workspace = `${stack.apiUrl}/w/${onCall.workspace}`
  const sent = await traceCheckout(SERVICE, new OTLPTraceExporter(target(stack, '/v1/traces')))
  await writeLogs(stack, sent)

  await test.step('the list follows words, severity and the URL', async () => {
    const rows = page.getByRole('region', { name: 'Log records' }).getByRole('listitem')
    await page.goto(`${workspace}/logs?service=${SERVICE}`)
    await expect(async () => {
      await page.getByRole('button', { name: 'Refresh' }).click()
      await expect(rows).toHaveCount(2, { timeout: 1000 })
    }).toPass({ timeout: 20_000 })
    await page.keyboard.press('/')
    await page.keyboard.type('declined')
    await page.keyboard.press('Enter')
    await expect(rows).toHaveCount(1)
    expect(new URL(page.url()).searchParams.get('q')).toBe('declined')
    await page.reload()
    await expect(rows).toHaveCount(1)
  })

  await test.step('a row opens to all of its fields, by the keyboard', async () => {
    await page.getByRole('button', { name: /card declined/ }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByText('payment.attempt')).toBeVisible()
    await page.getByRole('link', { name: 'Open its trace' }).click()
  })

  await test.step('the waterfall shows the spans, their figures and their events', async () => {
    await expect(page.getByRole('heading', { name: 'POST /checkout' })).toBeVisible()
    expect(page.url()).toContain(sent.traceId)
    const spans = page.getByRole('treeitem')
    await expect(spans).toHaveCount(2)
    await expect(spans.nth(1)).toHaveAccessibleName(`${SERVICE} authorise payment, 100 ms, failed`)
    // The record named the span that it was written in.
    const detail = page.getByRole('region', { name: 'Span authorise payment' })
    await expect(detail).toContainText('declined')
    await expect(detail).toContainText('retry')
    await spans.nth(0).focus()
    await page.keyboard.press('ArrowLeft')
    await expect(spans).toHaveCount(1)
    await page.keyboard.press('ArrowRight')
    await expect(spans).toHaveCount(2)
    const records = page.getByRole('region', { name: 'Logs of this trace' }).getByRole('listitem')
    await expect(records).toHaveCount(2)
  })

  await test.step('the trace is found by its service, its failure and its duration', async () => {
    // A field and the list of its suggestions share a label.
    const field = (label: string) => page.locator('input').and(page.getByLabel(label, { exact: true }))
    await page.goto(`${workspace}/traces`)
    await field('Service').fill(SERVICE)
    await page.keyboard.press('Enter')
    await page.getByText('Errors', { exact: true }).first().click()
    await field('At most').fill('120 ms')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('link', { name: 'POST /checkout' })).toHaveAttribute('href', new RegExp(sent.traceId))
    await field('At most').fill('90 ms')
    await page.keyboard.press('Enter')
    await expect(page.getByText('No trace is like this')).toBeVisible()
  })
})

test('records appear while one watches', async ({ signedIn: page, stack, onCall }) => {
  await page.goto(`${stack.apiUrl}/w/${onCall.workspace}/logs?service=${SERVICE}-live`)
  await expect(page.getByText('No record is like this')).toBeVisible()
  await page.getByRole('switch', { name: 'Live' }).focus()
  await page.keyboard.press('Space')
  await expect(page.getByText('Following')).toBeVisible()
  await writeLogs(stack, undefined, `${SERVICE}-live`)
  await expect(page.getByRole('button', { name: /card declined/ })).toBeVisible()
})

test('a limit is changed and holds', async ({ signedIn: page, stack, onCall }) => {
  await page.goto(`${stack.apiUrl}/w/${onCall.workspace}/settings/telemetry`)
  await page.getByRole('textbox', { name: 'Oldest' }).fill('soon')
  await page.getByRole('button', { name: 'Save limits' }).click()
  await expect(page.getByRole('textbox', { name: 'Oldest' })).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('textbox', { name: 'Oldest' }).fill('30 d')
  await page.getByRole('textbox', { name: 'Logs', exact: true }).fill('14')
  await page.getByRole('button', { name: 'Save limits' }).click()
  await expect(page.getByText('Limits saved.')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('textbox', { name: 'Logs', exact: true })).toHaveValue('14')
  await expect(page.getByText('changed by Ada Admin')).toBeVisible()
  const { settings } = await onCall.admin.call(getTelemetrySettings)
  expect(settings).toMatchObject({ logsRetentionDays: 14, maxPastSeconds: 30 * 86_400 })
})

function target({ ingestUrl, ingestKey }: NinesStack, path: string) {
  return { url: ingestUrl + path, headers: { authorization: `Bearer ${ingestKey}` } }
}

/** Two records, one of them an error; in the given trace, where there is one. */
async function writeLogs(stack: NinesStack, sent: TracedCheckout | undefined, service = SERVICE): Promise<void> {
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(target(stack, '/v1/logs')) })],
  })
  const within = (spanId: string | undefined) =>
    sent === undefined || spanId === undefined
      ? ROOT_CONTEXT
      : trace.setSpanContext(ROOT_CONTEXT, { traceId: sent.traceId, spanId, traceFlags: TraceFlags.SAMPLED })
  const logger = provider.getLogger('journey')
  logger.emit({
    severityNumber: SeverityNumber.INFO,
    severityText: 'INFO',
    body: { event: 'order received', items: 3 },
    context: within(sent?.serverSpanId),
  })
  logger.emit({
    severityNumber: SeverityNumber.ERROR,
    severityText: 'ERROR',
    body: 'card declined by the bank',
    attributes: { 'payment.attempt': 2 },
    context: within(sent?.clientSpanId),
  })
  await provider.forceFlush()
  await provider.shutdown()
}
