import { processUsage, readProcessTree, type ProcessUsage } from './process-usage.ts'

export interface NamedProcess {
  name: string
  pid: number
}

/** CPU seconds by process. */
export type CpuReading = Record<string, number>

/** Reads the CPU time of a system of processes and remembers the most memory it held together. */
export class UsageMeter {
  readonly #processes: readonly NamedProcess[]
  readonly #timer: NodeJS.Timeout
  peakResidentBytes = 0
  peakAnonymousBytes = 0
  readonly peakResidentBytesOf: Record<string, number> = {}

  constructor(processes: readonly NamedProcess[], everyMs = 250) {
    this.#processes = processes
    this.#timer = setInterval(() => this.cpu(), everyMs).unref()
  }

  cpu(): CpuReading {
    const tree = readProcessTree()
    const all = this.#processes.map(({ name, pid }) => ({ name, usage: processUsage(pid, tree) }))
    this.#remember(all)
    return Object.fromEntries(all.map(({ name, usage }) => [name, usage.cpuSeconds]))
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #remember(all: { name: string; usage: ProcessUsage }[]): void {
    const sum = (of: (usage: ProcessUsage) => number) => all.reduce((n, { usage }) => n + of(usage), 0)
    this.peakResidentBytes = Math.max(
      this.peakResidentBytes,
      sum((u) => u.residentBytes),
    )
    this.peakAnonymousBytes = Math.max(
      this.peakAnonymousBytes,
      sum((u) => u.anonymousBytes),
    )
    for (const { name, usage } of all)
      this.peakResidentBytesOf[name] = Math.max(this.peakResidentBytesOf[name] ?? 0, usage.residentBytes)
  }
}

/** CPU seconds that passed between two readings, by process. */
export function cpuBetween(before: CpuReading, after: CpuReading): CpuReading {
  return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]))
}

export function totalOf(reading: CpuReading): number {
  return Object.values(reading).reduce((sum, seconds) => sum + seconds, 0)
}
