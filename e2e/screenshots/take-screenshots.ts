import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { completeSetup, getMe, listAlerts, listIncidents } from '@nines/contracts'
import { chromium, type BrowserContext, type Page } from '@playwright/test'
import { chromiumLaunch } from '../stack/chromium-launch.ts'
import { ApiClient } from '../stack/api-client.ts'
import { eventually } from '../stack/eventually.ts'
import { startStack, type NinesStack } from '../stack/nines-stack.ts'
import { screenshotPages, screenshotVariants, type ScreenshotPage } from './pages.ts'

/**
 * Photographs every page on demo data, with one incident resolved and reviewed and another under way, and lists what
 * each page wrote to the console or failed to load. Usage: take-screenshots.ts DIRECTORY [page name ...]
 */
const [directory = 'screenshots', ...only] = process.argv.slice(2)
mkdirSync(directory, { recursive: true })
let problems = 0

console.log('starting the demo')
const stack = await startStack({ arguments: ['--demo'], timeoutMs: 240_000 })
try {
  const admin = await signUp(stack)
  await liveThrough(stack, admin)
  const browser = await chromium.launch(chromiumLaunch())
  const found = new Map<string, string>()
  for (const variant of screenshotVariants) {
    const options = {
      viewport: { width: variant.width, height: variant.height },
      colorScheme: variant.colorScheme,
      baseURL: stack.apiUrl,
    }
    const signedIn = await browser.newContext(options)
    await signedIn.addCookies(admin.cookies())
    const signedOut = await browser.newContext(options)
    for (const wanted of screenshotPages) {
      if (only.length > 0 && !only.includes(wanted.name)) continue
      const file = path.join(directory, `${wanted.name}.${variant.name}.png`)
      await photograph(wanted, wanted.signedOut ? signedOut : signedIn, `/w/${admin.workspace}`, file, found).catch(
        (error: unknown) => complain(file, String(error)),
      )
    }
    await Promise.all([signedIn.close(), signedOut.close()])
  }
  await browser.close()
} finally {
  await stack.stop()
}
console.log(`pictures are in ${directory}; ${problems} problems`)
process.exit(problems === 0 ? 0 : 1)

async function signUp(stack: NinesStack): Promise<ApiClient> {
  const admin = new ApiClient(stack.apiUrl)
  await admin.call(completeSetup, {
    body: {
      token: stack.setupToken,
      name: 'Robin Okafor',
      email: 'robin@example.test',
      password: `demo ${crypto.randomUUID()}`,
    },
  })
  admin.workspace = (await admin.call(getMe)).workspaces[0]?.slug
  return admin
}

/** Breaks and mends the checkout until its review is drafted, then breaks it again and leaves it so. */
async function liveThrough(stack: NinesStack, admin: ApiClient): Promise<void> {
  const control = (action: string) =>
    fetch(`${stack.demoUrl}/control`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action, service: 'checkout', ...(action === 'break' ? { mode: 'errors' } : {}) }),
    })
  const firing = async () =>
    (await admin.call(listAlerts, { query: { state: 'open' } })).items.some(
      (a) => a.state === 'firing' && a.severity === 'critical',
    )
  await control('break')
  await eventually('a firing alert', firing, { timeoutMs: 120_000 })
  console.log('broken: an alert fires')
  await control('mend')
  await eventually(
    'a drafted review',
    async () => {
      const { items } = await admin.call(listIncidents, { query: { state: 'resolved' } })
      return items.some((i) => i.reviewId !== null && Date.now() - Date.parse(i.openedAt) < 3_600_000)
    },
    { timeoutMs: 300_000, everyMs: 1000 },
  )
  console.log('mended: a review is drafted')
  await control('break')
  await eventually('a second firing alert', firing, { timeoutMs: 180_000 })
  console.log('broken again')
}

async function photograph(
  wanted: ScreenshotPage,
  context: BrowserContext,
  base: string,
  file: string,
  found: Map<string, string>,
): Promise<void> {
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') complain(file, `console: ${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => complain(file, `error: ${error.message}`))
  try {
    await page.goto(await addressOf(wanted, page, base, found))
    await settle(page)
    for (const action of wanted.actions ?? []) {
      if ('press' in action) await page.keyboard.press(action.press)
      else
        await page
          .getByRole(action.role ?? 'button', { name: action.click })
          .first()
          .click()
      await settle(page)
    }
    await page.screenshot({ path: file, fullPage: true })
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    if (overflow > 0) complain(file, `the page scrolls sideways by ${overflow} px`)
  } finally {
    await page.close()
  }
}

/** The page's own address, or that of the first link in the list that leads to it. */
async function addressOf(
  wanted: ScreenshotPage,
  page: Page,
  base: string,
  found: Map<string, string>,
): Promise<string> {
  if (typeof wanted.path === 'string') return wanted.outside ? wanted.path : base + wanted.path
  const { from, list, named = '', suffix = '' } = wanted.path
  let href = found.get(`${from} ${named}`)
  if (href === undefined) {
    await page.goto(base + from)
    await settle(page)
    const section = `${base}${from.split('?')[0]}/`
    const links = await page
      .locator(`a[href^="${section}"]`)
      .filter({ hasText: named })
      .evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''))
    href = links.find((link) => !/\/(new|edit|suggestions)$/.test(link))
    if (href === undefined) throw new Error(`no link in ${list} on ${from}`)
    found.set(`${from} ${named}`, href)
  }
  return href + suffix
}

/** Live events keep the network busy for ever: settled means loaded, fonts there, no skeleton, charts drawn. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('load')
  await page.evaluate('document.fonts.ready.then(() => undefined)')
  // A page that has loaded may still fetch the code of its charts, which then shows a skeleton once more.
  for (let i = 0; i < 2; i++) {
    await page.waitForTimeout(500)
    await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached', timeout: 10_000 })
  }
}

function complain(file: string, what: string): void {
  problems += 1
  console.log(`${path.basename(file)}: ${what}`)
}
