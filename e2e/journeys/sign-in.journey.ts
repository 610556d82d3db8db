import { ADMIN_PASSWORD, expect, test } from './stack-test.ts'

test('a person signs in with the password of the setup, and not with a wrong one', async ({ page, stack, onCall }) => {
  await page.goto(`${stack.apiUrl}/w/${onCall.workspace}/alerts`)
  await page.getByLabel('Email').fill('ada@example.test')
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByRole('textbox', { name: 'Password' }).fill(ADMIN_PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Alerts' })).toBeVisible()
})

test('the setup link works once', async ({ page, stack, onCall }) => {
  expect(onCall.workspace).toBeTruthy()
  await page.goto(`${stack.apiUrl}/setup#${stack.setupToken}`)
  await expect(page.getByRole('link', { name: /sign in/i })).toBeVisible()
  await expect(page.getByLabel('Your name')).toHaveCount(0)
})
