import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pinToCore } from '../usage/pin-to-core.ts'
import type { Target } from './target.ts'

const SERVER_CORE = 0
const GENERATOR_CORE = 1

export interface WithTargetOptions {
  /** Target on one core, this process on another, so that neither takes the other's time. */
  pin: boolean
}

/** Starts a target on fresh data, hands it to `use`, and leaves neither processes nor files behind, also on Ctrl-C. */
export async function withTarget<T extends Target, R>(
  start: (folder: string) => Promise<T>,
  options: WithTargetOptions,
  use: (target: T) => Promise<R>,
): Promise<R> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nines-bench-'))
  let starting: Promise<T> | undefined
  let cleaning: Promise<void> | undefined
  const clean = async () => {
    // A start that is under way is waited for: half of its processes may be there already.
    const target = await starting?.catch(() => undefined)
    await target?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const cleanOnce = () => (cleaning ??= clean())
  opened.add(cleanOnce)
  if (opened.size === 1) for (const signal of SIGNALS) process.on(signal, interrupted)
  try {
    // What is started inherits the core, so runtimes that size themselves by it see one core from their beginning.
    if (options.pin) pinToCore(SERVER_CORE)
    starting = start(folder)
    const target = await starting
    if (options.pin) pinToCore(GENERATOR_CORE)
    return await use(target)
  } finally {
    await cleanOnce()
    opened.delete(cleanOnce)
    if (opened.size === 0) for (const signal of SIGNALS) process.off(signal, interrupted)
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** What cleans up after each target that is open; several may be at once. */
const opened = new Set<() => Promise<void>>()

function interrupted(): void {
  void Promise.allSettled(Array.from(opened, (clean) => clean())).finally(() => process.exit(130))
}
