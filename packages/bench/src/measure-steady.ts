import type { Load } from './load/load-batch.ts'
import { LoadSender } from './load/load-sender.ts'
import { sendPaced } from './load/send-paced.ts'
import { requireAll, scaled } from './measure-ingest.ts'
import { quantile } from './report/spread.ts'
import type { Target } from './targets/target.ts'
import { cpuBetween, totalOf, UsageMeter, type MemoryReading } from './usage/usage-meter.ts'

/** Steps that make the series known, at the same rate; memory counts from the beginning, time from here on. */
const FIRST_STEPS = 2

export interface SteadyOptions {
  minutes: number
  connections: number
}

/** What one run at the real rate showed. */
export interface SteadyFigures {
  /** Time of every process of the target, what it does beside the samples included. */
  cpuUsPerRow: number
  cpuUsPerRowOf: Record<string, number>
  peakResident: MemoryReading
  peakProportional: MemoryReading
  /** When everything that was sent had been stored. */
  finalResident: MemoryReading
  finalProportional: MemoryReading
  sentPerSecond: number
  answerP50Ms: number
  answerP99Ms: number
  retries: number
}

/**
 * Sends every series once a step in real time (15 s), requests spread evenly over it, as agents do of whom each has a
 * moment of its own. That is what so many active series mean in operation.
 */
export async function measureSteady(target: Target, load: Load, options: SteadyOptions): Promise<SteadyFigures> {
  const perStep = load.batches.reduce((sum, b) => sum + b.rows, 0)
  const rate = perStep / (load.stepMs / 1000)
  const steps = Math.ceil((options.minutes * 60_000) / load.stepMs)
  const firstAtMs = Math.floor(Date.now() / load.stepMs) * load.stepMs
  const times = Array.from({ length: FIRST_STEPS + steps }, (_, i) => firstAtMs + i * load.stepMs)
  const sender = new LoadSender(target.url, target.headers, load, options.connections)
  const meter = new UsageMeter(target.processes, 500)
  try {
    await sendPaced(sender, load.batches, { rate, times: times.slice(0, FIRST_STEPS) })
    sender.takeLatencies()
    const before = meter.cpu()
    const startedAt = performance.now()
    const rows = await sendPaced(sender, load.batches, { rate, times: times.slice(FIRST_STEPS) })
    const sentPerSecond = rows / ((performance.now() - startedAt) / 1000)
    await target.drain()
    const spent = cpuBetween(before, meter.cpu())
    const final = meter.memory()
    meter.stop()
    await requireAll(target, load.signal, perStep * times.length)
    const latencies = sender.takeLatencies().sort((a, b) => a - b)
    return {
      cpuUsPerRow: (totalOf(spent) * 1e6) / rows,
      cpuUsPerRowOf: scaled(spent, 1e6 / rows),
      peakResident: meter.peakResident,
      peakProportional: meter.peakProportional,
      finalResident: final.resident,
      finalProportional: final.proportional,
      sentPerSecond,
      answerP50Ms: quantile(latencies, 0.5),
      answerP99Ms: quantile(latencies, 0.99),
      retries: sender.retries,
    }
  } finally {
    meter.stop()
    await sender.close()
  }
}
