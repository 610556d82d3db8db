import { setTimeout as sleep } from 'node:timers/promises'
import { NinesError } from '@nines/kernel'
import type { Load, Signal } from './load/load-batch.ts'
import { LoadSender } from './load/load-sender.ts'
import { quantile } from './report/spread.ts'
import type { Target } from './targets/target.ts'
import { untilQuiet } from './usage/until-quiet.ts'
import { cpuBetween, totalOf, UsageMeter, type CpuReading, type MemoryReading } from './usage/usage-meter.ts'

const DAY_MS = 86_400_000
/** Steps that make the series known; the rest is steady state. */
const FIRST_STEPS = 2
const AFTER_FIRST_STEPS_MS = 3_000

export interface IngestOptions {
  steps: number
  connections: number
  settleMinMs: number
  settleMaxMs: number
  /** Series that come once everything runs, if any. */
  later?: Load | undefined
}

/** What one run showed. CPU is user and system time of every process of the target. */
export interface IngestFigures {
  rows: number
  cpuUsPerRow: number
  /** The same by process. */
  cpuUsPerRowOf: Record<string, number>
  /** CPU of the first two steps less what two steps cost later. Coarse. */
  cpuUsPerNewSeries: number
  cpuUsPerNewSeriesOf: Record<string, number>
  /** The same of series that came once the code had run for a while; null where none did. */
  cpuUsPerLaterSeriesOf: Record<string, number> | null
  rowsPerCoreSecond: number
  /** Wall clock: until the last answer, and until everything was in the store. */
  ackedPerSecond: number
  storedPerSecond: number
  answerP50Ms: number
  answerP99Ms: number
  peakResident: MemoryReading
  peakProportional: MemoryReading
  peakAnonymousBytes: number
  diskBytesPerRow: number
  diskPartsBytesPerRow: Record<string, number>
  idleCpuShare: number
  generatorCpuUsPerRow: number
  sentBytesPerRow: number
  plainBytesPerRow: number
  retries: number
}

/** Sends `steps` steps as fast as they are answered, waits for the work they cause, and checks that every row counts. */
export async function measureIngest(target: Target, load: Load, options: IngestOptions): Promise<IngestFigures> {
  const perStep = load.batches.reduce((sum, b) => sum + b.rows, 0)
  const sender = new LoadSender(target.url, target.headers, load, options.connections)
  const meter = new UsageMeter(target.processes)
  try {
    const firstAtMs = firstStepMs(options.steps, load.stepMs)
    const start = meter.cpu()
    for (let step = 0; step < FIRST_STEPS; step++) await sender.step(firstAtMs + step * load.stepMs)
    await target.drain()
    await sleep(AFTER_FIRST_STEPS_MS)
    sender.takeLatencies()

    const steady = meter.cpu()
    const startedAt = performance.now()
    const generatorBefore = process.cpuUsage()
    for (let step = FIRST_STEPS; step < options.steps; step++) await sender.step(firstAtMs + step * load.stepMs)
    const generator = process.cpuUsage(generatorBefore)
    const ackedAfterS = (performance.now() - startedAt) / 1000
    await target.drain()
    const storedAfterS = (performance.now() - startedAt) / 1000
    const { idleCpuShare } = await untilQuiet(meter, options.settleMinMs, options.settleMaxMs)
    const spent = cpuBetween(steady, meter.cpu())
    meter.stop()

    const rows = perStep * (options.steps - FIRST_STEPS)
    const stored = await requireAll(target, load.signal, perStep * options.steps)
    const disk = await target.diskBytes()
    const later = options.later && (await measureLater(target, options.later, { ...options, firstAtMs }))
    if (later) await requireAll(target, load.signal, perStep * (options.steps + FIRST_STEPS))
    const cpuUsPerRow = (totalOf(spent) * 1e6) / rows
    const steadySteps = scaled(spent, FIRST_STEPS / (options.steps - FIRST_STEPS))
    const extraOf = (first: CpuReading) => scaled(cpuBetween(steadySteps, first), 1e6 / perStep)
    const extra = extraOf(cpuBetween(start, steady))
    const latencies = sender.takeLatencies().sort((a, b) => a - b)
    return {
      rows,
      cpuUsPerRow,
      cpuUsPerRowOf: scaled(spent, 1e6 / rows),
      cpuUsPerNewSeries: totalOf(extra),
      cpuUsPerNewSeriesOf: extra,
      cpuUsPerLaterSeriesOf: later ? extraOf(later) : null,
      rowsPerCoreSecond: 1e6 / cpuUsPerRow,
      ackedPerSecond: rows / ackedAfterS,
      storedPerSecond: rows / storedAfterS,
      answerP50Ms: quantile(latencies, 0.5),
      answerP99Ms: quantile(latencies, 0.99),
      peakResident: meter.peakResident,
      peakProportional: meter.peakProportional,
      peakAnonymousBytes: meter.peakAnonymousBytes,
      diskBytesPerRow: disk.bytes / stored,
      diskPartsBytesPerRow: scaled(disk.parts, 1 / stored),
      idleCpuShare,
      generatorCpuUsPerRow: (generator.user + generator.system) / rows,
      sentBytesPerRow: load.sentBytes / perStep,
      plainBytesPerRow: load.plainBytes / perStep,
      retries: sender.retries,
    }
  } finally {
    meter.stop()
    await sender.close()
  }
}

/** CPU of the first two steps of other series, at the times of the last two. */
async function measureLater(
  target: Target,
  load: Load,
  { steps, firstAtMs, connections }: IngestOptions & { firstAtMs: number },
): Promise<CpuReading> {
  const sender = new LoadSender(target.url, target.headers, load, connections)
  const meter = new UsageMeter(target.processes)
  try {
    const before = meter.cpu()
    for (let step = steps - FIRST_STEPS; step < steps; step++) await sender.step(firstAtMs + step * load.stepMs)
    await target.drain()
    await sleep(AFTER_FIRST_STEPS_MS)
    return cpuBetween(before, meter.cpu())
  } finally {
    meter.stop()
    await sender.close()
  }
}

export async function requireAll(target: Target, signal: Signal, expected: number): Promise<number> {
  const stored = await target.stored(signal)
  if (stored !== expected)
    throw new NinesError('internal', `${target.name} holds ${stored} ${signal} where ${expected} were answered 2xx`)
  return stored
}

/** The steps end now; when that would cross midnight UTC, at midnight, because some stores index each day anew. */
function firstStepMs(steps: number, stepMs: number): number {
  const now = Date.now()
  const length = steps * stepMs
  const midnight = Math.floor(now / DAY_MS) * DAY_MS
  const end = now - length < midnight ? midnight : now
  return Math.floor((end - length) / stepMs) * stepMs
}

export function scaled(reading: CpuReading, factor: number): Record<string, number> {
  return Object.fromEntries(Object.entries(reading).map(([name, value]) => [name, value * factor]))
}
