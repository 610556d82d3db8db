import { messageOf } from '@nines/kernel'

/**
 * Polls until `probe` gives a value other than undefined or false. Throws with `what` and the last error when
 * `timeoutMs` has passed.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  { timeoutMs = 30_000, everyMs = 100 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  let last: unknown
  for (;;) {
    try {
      const value = await probe()
      if (value !== undefined && value !== false) return value
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) {
      throw new Error(`${what}: not within ${timeoutMs} ms${last === undefined ? '' : ` (${messageOf(last)})`}`)
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
