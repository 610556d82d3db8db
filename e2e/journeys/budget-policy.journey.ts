import { getSloGate, listSlos } from '@nines/contracts'
import { expect, test } from './stack-test.ts'

test.describe.configure({ timeout: 120_000 })

test('a budget policy is written by the keyboard, previewed, followed by an SLO, and asked by its gate', async ({
  signedIn: page,
  stack,
  onCall,
}) => {
  const workspace = `${stack.apiUrl}/w/${onCall.workspace}`
  const [slo] = (await onCall.admin.call(listSlos, { query: {} })).items
  if (!slo) throw new Error('the stack has an SLO')
  const next = () => page.keyboard.press('Tab')

  await test.step('from the list to a form that says what is missing', async () => {
    await page.goto(`${workspace}/settings/budget-policies`)
    await page.getByRole('link', { name: 'Add policy' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Name').focus()
    await page.keyboard.type('Release rules')
    await page.keyboard.press('Enter')
    await expect(page.getByText('choose what happens').first()).toBeVisible()
  })

  await test.step('steps, and the SLOs that follow it, without a mouse', async () => {
    await page.getByRole('button', { name: 'Remove the step at 25 %' }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('group', { name: /^Step/ })).toHaveCount(1)
    await page.getByLabel('When no more is left than').focus()
    await next()
    await expect(page.getByRole('button', { name: 'Remove the step at 0 %' })).toBeDisabled()
    await page.getByLabel('What was agreed on').focus()
    await page.keyboard.type('Reliability first')
    await next()
    await expect(page.getByLabel('Freeze deploys').first()).toBeFocused()
    await page.getByLabel('SLOs that follow it').first().focus()
    await page.keyboard.type(slo.name)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    const preview = page.getByRole('list', { name: 'How the SLOs would stand' })
    await expect(preview.getByRole('listitem')).toContainText(slo.name)
    await page.getByRole('button', { name: 'Create policy' }).focus()
    await page.keyboard.press('Enter')
    const followers = page.getByRole('list', { name: 'SLOs that follow Release rules' })
    await expect(followers.getByRole('listitem')).toContainText(slo.name)
  })

  await test.step('the page of the SLO and its gate know it', async () => {
    await page.goto(`${workspace}/slos/${slo.id}`)
    const steps = page.getByRole('list', { name: 'Steps' })
    await expect(steps.getByRole('listitem')).toContainText('Freeze deploys, “Reliability first”')
    const gate = await onCall.admin.call(getSloGate, { params: { id: slo.id }, query: {} })
    expect(gate).toMatchObject({ policy: { name: 'Release rules' }, minimum: null })
  })
})
