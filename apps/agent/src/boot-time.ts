import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import { dirname } from 'node:path'

/** Adjustments of the clock move the computed boot time by this much at most. */
const TOLERANCE_MS = 60_000

/**
 * When the host booted, epoch ms: the start of its counters. The same boot always gives the same instant, also after
 * the clock was adjusted or the agent restarted, for a start that moves means a counter that began anew.
 */
export async function bootTime(path: string, now = Date.now(), uptimeSeconds = uptime()): Promise<number> {
  const computed = Math.round(now - uptimeSeconds * 1000)
  const stored = Number(await readFile(path, 'utf8').catch(() => ''))
  if (stored > 0 && Math.abs(stored - computed) <= TOLERANCE_MS) return stored
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(`${path}.partial`, String(computed))
  await rename(`${path}.partial`, path)
  return computed
}
