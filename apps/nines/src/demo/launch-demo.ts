import { fileURLToPath } from 'node:url'
import { freePort } from '@nines/embedded'
import type { Launcher } from '../start/launcher.ts'
import { untilReady } from '../start/readiness.ts'

const APP = fileURLToPath(new URL('demo-app.ts', import.meta.url))
/** A month of history goes through ingest on the first start. */
const READY_WITHIN_MS = 120_000

/** Starts the demonstration's process and waits until its history is in. Returns the URL of its pages. */
export async function launchDemo(launcher: Launcher, env: Record<string, string>): Promise<string> {
  const port = env.NINES_DEMO_PORT ?? String(await freePort(8090))
  const shopPort = env.NINES_DEMO_SHOP_PORT ?? String(await freePort(8091))
  const plan = { name: 'demo', apps: [APP] }
  await launcher.startApps(plan, { ...env, NINES_DEMO_PORT: port, NINES_DEMO_SHOP_PORT: shopPort })
  const url = `http://127.0.0.1:${port}`
  const target = { name: 'demo', url: `${url}/readyz`, logFile: launcher.logFile('demo') }
  await untilReady([target], READY_WITHIN_MS, () => launcher.startProblem)
  return url
}
