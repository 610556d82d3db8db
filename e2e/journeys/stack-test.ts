import { test as base, type Page } from '@playwright/test'
import { createOnCall, type OnCallFixture } from '../scenarios/on-call-fixture.ts'
import { startStack, type NinesStack } from '../stack/nines-stack.ts'

interface WorkerFixtures {
  stack: NinesStack
  onCall: OnCallFixture
}

interface TestFixtures {
  /** A page signed in as the first admin. */
  signedIn: Page
}

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
    async ({ stack }, use) => {
      const onCall = await createOnCall(stack, STEP_DELAY_SECONDS)
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

export { expect } from '@playwright/test'
