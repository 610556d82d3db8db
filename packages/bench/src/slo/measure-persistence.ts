import { setTimeout as sleep } from 'node:timers/promises'
import { NinesError } from '@nines/kernel'
import { createTelemetry } from '@nines/telemetry'
import type { RunFigures } from '../report/figure-table.ts'
import { progress } from '../report/progress.ts'
import type { NinesTarget } from '../targets/nines.ts'
import { cpuBetween, cpuOver, totalOf, UsageMeter, type CpuReading } from '../usage/usage-meter.ts'
import { EvaluatedSlos } from './evaluated-slos.ts'
import { evaluationLoad, STEP_MS } from './evaluation-load.ts'
import type { EvaluationShape } from './measure-evaluation.ts'
import { SteadySending } from './steady-sending.ts'
import { requireAllCounted, requireStoredOnce, writtenSlices } from './written-slices.ts'

/** Slices go out once a minute: so many minutes at least, and whole ones. */
const LEAST_MINUTES = 2
const MINUTE_MS = 60_000
const WARM_MS = 15_000
/** What a start leaves behind is over by then: statuses of all, minutes that had passed. */
const SETTLE_MS = 20_000
/** In the second half of a minute, behind the slices of the one before and their insert. */
const BEGIN_AT_MS = 50_000
/** A minute is given out half a minute after its end. */
const GIVEN_OUT_WITHIN_MS = 35_000
/**
 * How often a row is written anew by merges until the month's part holds it: of five parts each time, with an insert a minute
 * (log 43,200 / log 5 = 6.6). Parts are merged five to ten at a time.
 */
const MERGES_OF_A_ROW = 7

/**
 * What it costs to keep what evaluation finds: evaluate is fed by an ingest and a Redis of its own, so that the stores have to do
 * with nothing but its slices, statuses and verdicts. CPU of all processes with so many SLOs less CPU without any, and what merges will
 * cost later. Throws unless each slice is stored once as it was given out, and all of them hold all events that were sent.
 */
export async function measurePersistence(target: NinesTarget, shape: EvaluationShape): Promise<RunFigures> {
  const { slos, seconds, windowDays } = shape
  const measured = Math.max(LEAST_MINUTES, Math.ceil(seconds / 60)) * 60
  const load = evaluationLoad(slos)
  const sending = new SteadySending(target, load)
  const meter = new UsageMeter(target.processes, 1_000)
  try {
    await sleep(WARM_MS)
    const halves = [await cpuOver(meter, measured / 2), await cpuOver(meter, measured / 2)] as const
    const evaluated = new EvaluatedSlos(target)
    await evaluated.create(slos, windowDays)
    await evaluated.untilEvaluated()
    progress(`${slos} SLOs are evaluated`)
    await sleep(SETTLE_MS)
    await untilInMinute(BEGIN_AT_MS)
    const beganAt = Date.now()
    const withSlos = await cpuOver(meter, measured)
    const endedAt = Date.now()
    await sending.stop()
    const stoppedAt = Date.now()
    await evaluated.untilExact(load.totals())
    await sleep(Math.ceil(stoppedAt / MINUTE_MS) * MINUTE_MS + GIVEN_OUT_WITHIN_MS - Date.now())
    const written = await writtenSlices(target)
    await target.drain()
    await requireStoredOnce(target, written)
    requireAllCounted(written, evaluated.ids, load.totals())
    progress(`${written.length} slices are stored, each once`)
    const cycles = (measured * 1000) / STEP_MS
    const perSlo = (cpu: number) => (cpu * 1000) / slos / cycles
    const idle = cpuBetween(negative(halves[0]), halves[1])
    const added = cpuBetween(idle, withSlos)
    const given = written.filter(({ revision }) => revision >= beganAt && revision < endedAt).length
    const mergedSeconds = (await cpuOfMerge(target, meter, idle.clickhouse ?? 0, measured)) / written.length
    const merges = perSlo(mergedSeconds * given * MERGES_OF_A_ROW)
    return {
      all_ms_per_slo_15s: perSlo(totalOf(added)) + merges,
      ...Object.fromEntries(Object.entries(added).map(([name, cpu]) => [`${name}_ms_per_slo_15s`, perSlo(cpu)])),
      later_merges_ms_per_slo_15s: merges,
      idle_spread_ms_per_slo_15s: 2 * perSlo(Math.abs(totalOf(halves[0]) - totalOf(halves[1]))),
      slices_per_slo_15s: given / slos / cycles,
      slices: written.length,
      seconds: measured,
    }
  } finally {
    meter.stop()
    await sending.stop().catch(() => {})
  }
}

async function untilInMinute(ms: number): Promise<void> {
  await sleep((MINUTE_MS + ms - (Date.now() % MINUTE_MS)) % MINUTE_MS)
}

/** CPU seconds of ClickHouse for writing all slices anew once, as a merge does. */
async function cpuOfMerge(
  target: NinesTarget,
  meter: UsageMeter,
  idleSeconds: number,
  idleOver: number,
): Promise<number> {
  const telemetry = createTelemetry(target.telemetry)
  try {
    const [before, startedAt] = [meter.cpu(), performance.now()]
    await telemetry.command('OPTIMIZE TABLE slices FINAL')
    const { clickhouse } = cpuBetween(before, meter.cpu())
    if (clickhouse === undefined) throw new NinesError('internal', 'no process is called clickhouse')
    return Math.max(0, clickhouse - (idleSeconds * (performance.now() - startedAt)) / 1000 / idleOver)
  } finally {
    await telemetry.close()
  }
}

const negative = (reading: CpuReading): CpuReading =>
  Object.fromEntries(Object.entries(reading).map(([name, seconds]) => [name, -seconds]))
