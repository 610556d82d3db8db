import { test as base, type Browser, type Page } from '@playwright/test'
import { createOnCall, type OnCallFixture } from '../scenarios/on-call-fixture.ts'
import { ApiClient } from '../stack/api-client.ts'
import { startStack, type NinesStack } from '../stack/nines-stack.ts'

interface WorkerFixtures {
  stack: NinesStack
  onCall: OnCallFixture
}

interface TestFixtures {
  /** A page signed in as the first admin. */
  signedIn: Page
}

export const ADMIN_PASSWORD = `first admin ${crypto.randomUUID()}`

/** Seconds until a page that nobody acknowledges goes to the second responder. */
export const STEP_DELAY_SECONDS = 15

export const test = base.extend<TestFixtures, WorkerFixtures>({
  stack: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the dependencies from the pattern
    async ({}, use) => {
      const stack = await startStack()
      await use(stack)
      await stack.stop()
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  onCall: [
    async ({ stack, browser }, use) => {
      const admin = await setUpInBrowser(browser, stack)
      const onCall = await createOnCall(stack, STEP_DELAY_SECONDS, admin)
      await use(onCall)
      await onCall.stop()
    },
    { scope: 'worker' },
  ],
  signedIn: async ({ page, onCall }, use) => {
    await page.context().addCookies(onCall.admin.cookies())
    await use(page)
  },
})

/** The first admin as a person becomes one: by the link that the launcher printed. */
async function setUpInBrowser(browser: Browser, stack: NinesStack): Promise<ApiClient> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${stack.apiUrl}/setup#${stack.setupToken}`)
  await page.getByLabel('Your name').fill('Ada Admin')
  await page.getByLabel('Email').fill('ada@example.test')
  await page.getByRole('textbox', { name: 'Password' }).fill(ADMIN_PASSWORD)
  await page.getByRole('button', { name: /create/i }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  const admin = new ApiClient(stack.apiUrl)
  admin.adoptCookies(await context.cookies())
  await context.close()
  return admin
}

export { expect } from '@playwright/test'
