import { readFile } from 'node:fs/promises'
import { expect, test } from './stack-test.ts'

test.describe.configure({ timeout: 240_000 })

test('a report is found by its link, saved with its figures, and printed in light colours', async ({
  signedIn: page,
  stack,
  onCall,
}) => {
  const workspace = `${stack.apiUrl}/w/${onCall.workspace}`
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto(`${workspace}/reports`)
  await expect(page.getByRole('heading', { name: /^SLO report, / })).toBeVisible()
  const rows = page.getByRole('rowgroup').last().getByRole('row')
  // An SLO is in a report once the first minutes of its life are over.
  await expect(async () => {
    await page.reload()
    await expect(rows.first()).toBeVisible({ timeout: 5_000 })
  }).toPass({ timeout: 180_000 })

  await test.step('the period is chosen by the keyboard and stands in the URL', async () => {
    await page.getByRole('radio', { name: 'Month' }).focus()
    await page.keyboard.press('ArrowRight')
    await expect(page).toHaveURL(/period=quarter/)
    await expect(page.getByRole('heading', { name: /^SLO report, Q\d / })).toBeVisible()
  })

  await test.step('the file has a row for each row on screen', async () => {
    const shown = await page.getByRole('row').count()
    const tables = await page.getByRole('table').count()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ])
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n')
    expect(lines[0]).toMatch(/^period_from,period_to,/)
    expect(lines).toHaveLength(1 + shown - tables)
  })

  await test.step('paper has neither navigation nor dark colours', async () => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden()
    await expect(page.getByRole('button', { name: 'Print' })).toBeHidden()
    expect(await page.evaluate<string>('getComputedStyle(document.body).color')).toBe('rgb(22, 24, 27)')
    expect((await page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe('%PDF-')
  })
})

test('the SLA calculator is linked to, and names its basis', async ({ signedIn: page, stack, onCall }) => {
  await page.goto(`${stack.apiUrl}/w/${onCall.workspace}/tools/sla?target=99.999&basis=365d`)
  await expect(page.getByText('of downtime in 365 days at 99.999 %')).toBeVisible()
  await expect(page.getByText('5 min 15.36 s', { exact: true }).first()).toBeVisible()
  await page.getByLabel('Availability', { exact: true }).first().fill('99.9')
  await page.getByRole('button', { name: '30 days', exact: true }).click()
  await expect(page.getByText('of downtime in 30 days at 99.9 %')).toBeVisible()
  await expect(page.getByText('43 min 12 s', { exact: true }).first()).toBeVisible()
})
