import { shopRoutes } from './shop-routes.ts'
import { visitsPerSecond } from './traffic-shape.ts'

const TICK_MS = 50
const ANSWER_TIMEOUT_MS = 15_000

export interface LoadGenerator {
  stop(): Promise<void>
}

/** Visits the shop at the rate of the time of day; half of the visitors buy something. */
export function startLoadGenerator(frontendUrl: string): LoadGenerator {
  const underWay = new Set<Promise<void>>()
  const stopping = new AbortController()
  let owed = 0
  const visit = async (): Promise<void> => {
    await request(`${frontendUrl}/`, 'GET', stopping.signal)
    if (Math.random() < shopRoutes.buy.share) await request(`${frontendUrl}/buy`, 'POST', stopping.signal)
  }
  const timer = setInterval(() => {
    owed += (visitsPerSecond(Date.now()) * TICK_MS) / 1000
    for (; owed >= 1; owed--) {
      const visiting: Promise<void> = visit().finally(() => underWay.delete(visiting))
      underWay.add(visiting)
    }
  }, TICK_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      stopping.abort()
      await Promise.all(underWay)
    },
  }
}

/** A visitor who is turned away shrugs. */
async function request(url: string, method: 'GET' | 'POST', stopping: AbortSignal): Promise<void> {
  try {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(ANSWER_TIMEOUT_MS)])
    const response = await fetch(url, { method, signal })
    await response.arrayBuffer()
  } catch {
    return
  }
}
