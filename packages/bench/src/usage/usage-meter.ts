import { setTimeout as sleep } from 'node:timers/promises'
import { processUsage, proportionalBytes, readProcessTree, type ProcessTree } from './process-usage.ts'

export interface NamedProcess {
  name: string
  pid: number
}

/** CPU seconds by process. */
export type CpuReading = Record<string, number>

/** Bytes of all processes together, and by process. */
export interface MemoryReading {
  total: number
  of: Record<string, number>
}

/** PSS is read whenever resident memory is higher than before, and else this seldom; never more often than the second. */
const PROPORTIONAL_EVERY_MS = 5_000
const PROPORTIONAL_LEAST_MS = 1_000

/** Reads the CPU time of a system of processes and remembers the most memory it held together. */
export class UsageMeter {
  readonly #processes: readonly NamedProcess[]
  readonly #timer: NodeJS.Timeout
  #proportionalAt = -Infinity
  /** Most memory at one time; `of` has each process's own peak, at whatever time. */
  readonly peakResident: MemoryReading = { total: 0, of: {} }
  readonly peakProportional: MemoryReading = { total: 0, of: {} }
  peakAnonymousBytes = 0

  constructor(processes: readonly NamedProcess[], everyMs = 250) {
    this.#processes = processes
    this.#timer = setInterval(() => this.cpu(), everyMs).unref()
  }

  cpu(): CpuReading {
    const tree = readProcessTree()
    const all = this.#processes.map(({ name, pid }) => ({ name, usage: processUsage(pid, tree) }))
    const isHigher = raise(this.peakResident, readingOf(all.map(({ name, usage }) => [name, usage.residentBytes])))
    const anonymous = all.reduce((sum, { usage }) => sum + usage.anonymousBytes, 0)
    this.peakAnonymousBytes = Math.max(this.peakAnonymousBytes, anonymous)
    const age = performance.now() - this.#proportionalAt
    if (age > (isHigher ? PROPORTIONAL_LEAST_MS : PROPORTIONAL_EVERY_MS)) this.#readProportional(tree)
    return Object.fromEntries(all.map(({ name, usage }) => [name, usage.cpuSeconds]))
  }

  /** Resident and proportional memory now. */
  memory(): { resident: MemoryReading; proportional: MemoryReading } {
    const tree = readProcessTree()
    const resident = readingOf(this.#processes.map(({ name, pid }) => [name, processUsage(pid, tree).residentBytes]))
    return { resident, proportional: this.#readProportional(tree) }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #readProportional(tree: ProcessTree): MemoryReading {
    const now = readingOf(this.#processes.map(({ name, pid }) => [name, proportionalBytes(pid, tree)]))
    raise(this.peakProportional, now)
    this.#proportionalAt = performance.now()
    return now
  }
}

function readingOf(entries: [name: string, bytes: number][]): MemoryReading {
  return { total: entries.reduce((sum, [, bytes]) => sum + bytes, 0), of: Object.fromEntries(entries) }
}

/** Lifts peaks to a reading; true where the total is a new peak. */
function raise(peak: MemoryReading, { total, of }: MemoryReading): boolean {
  for (const [name, bytes] of Object.entries(of)) peak.of[name] = Math.max(peak.of[name] ?? 0, bytes)
  if (total <= peak.total) return false
  peak.total = total
  return true
}

/** CPU seconds that passed between two readings, by process. */
export function cpuBetween(before: CpuReading, after: CpuReading): CpuReading {
  return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]))
}

/** CPU seconds of the next so many seconds, by process. */
export async function cpuOver(meter: UsageMeter, seconds: number): Promise<CpuReading> {
  const before = meter.cpu()
  await sleep(seconds * 1000)
  return cpuBetween(before, meter.cpu())
}

export function totalOf(reading: CpuReading): number {
  return Object.values(reading).reduce((sum, seconds) => sum + seconds, 0)
}
