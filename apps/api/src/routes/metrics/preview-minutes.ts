import type { MeasuredSli, SeriesDefinition } from '@nines/contracts'
import {
  compileSli,
  MINUTE_MS,
  minuteOf,
  pointsFromExponentials,
  pointsFromHistograms,
  pointsFromSamples,
  selectorsOf,
  slicesFromPoints,
  thresholdNotes,
  type CounterPoint,
  type EventSli,
  type SeriesPoints,
} from '@nines/slo'
import {
  findSeries,
  readCheckRuns,
  readEventMinutes,
  readExponentialHistograms,
  readHistograms,
  readSamples,
  type PointsQuery,
  type Telemetry,
} from '@nines/telemetry'

/** Minutes in [from, to), epoch ms, of the workspace with that tenant number. */
export interface Span {
  workspace: number
  from: number
  to: number
}

export interface SliPreview {
  minutes: { at: number; good: number; total: number }[]
  /** How many series (or locations of a check) feed it; 0 for rows that belong to no series. */
  series: number
  /** What a person should know of how it is counted, such as the bucket bound that stands in for a threshold. */
  notes: string[]
}

/** A counter's first increase is counted from its last point before the span; one older than this is not looked for. */
const LOOK_BACK_MS = 5 * MINUTE_MS
const MOST_RUNS = 5_000

/** What an SLI over counters or histograms would have measured, by the functions that the evaluator uses. */
export async function previewSeriesMinutes(telemetry: Telemetry, sli: MeasuredSli, span: Span): Promise<SliPreview> {
  const reduce = compileSli(sli)
  const definitions = new Map<string, SeriesDefinition>()
  for (const selector of selectorsOf(sli)) {
    for (const definition of await findSeries(telemetry, span.workspace, selector))
      definitions.set(definition.id, definition)
  }
  const query = { ...span, from: span.from - LOOK_BACK_MS, series: [...definitions.keys()] }
  const ofHistograms = [...definitions.values()].some(({ kind }) => kind === 'histogram')
  const points = new Map([
    ...(sli.kind === 'latency' ? [] : await samplePoints(telemetry, query)),
    ...(sli.kind === 'latency' || ofHistograms ? await histogramPoints(telemetry, query) : []),
  ])
  const series: SeriesPoints[] = []
  const newest: CounterPoint[] = []
  for (const [id, definition] of definitions) {
    const reduction = reduce(definition)
    if (reduction === null) continue
    const found = points.get(id) ?? []
    series.push({ reduction, points: found })
    const last = found.at(-1)
    if (last) newest.push(last)
  }
  const counted = slicesFromPoints(series, span.from, span.to)
  return {
    minutes: minutesBetween(span, (minute) => counted.get(minute)),
    series: series.length,
    notes: sli.kind === 'latency' ? thresholdNotes(newest, sli.threshold) : [],
  }
}

async function samplePoints(telemetry: Telemetry, query: PointsQuery): Promise<Map<string, CounterPoint[]>> {
  const samples = await readSamples(telemetry, query)
  return new Map([...samples].map(([id, columns]) => [id, [...pointsFromSamples(columns)]]))
}

async function histogramPoints(telemetry: Telemetry, query: PointsQuery): Promise<Map<string, CounterPoint[]>> {
  const [explicit, exponential] = await Promise.all([
    readHistograms(telemetry, query),
    readExponentialHistograms(telemetry, query),
  ])
  const points = new Map<string, CounterPoint[]>()
  for (const [id, rows] of explicit) points.set(id, pointsFromHistograms(rows))
  for (const [id, rows] of exponential) points.set(id, pointsFromExponentials(rows))
  return points
}

/** What an SLI over spans or log records would have measured. */
export async function previewEventMinutes(telemetry: Telemetry, sli: EventSli, span: Span): Promise<SliPreview> {
  const found = await readEventMinutes(telemetry, { ...span, sli })
  const counted = new Map(found.map((minute) => [minute.at, minute]))
  return { minutes: minutesBetween(span, (minute) => counted.get(minute)), series: 0, notes: [] }
}

/** What an SLI over a check would have measured. */
export async function previewCheckMinutes(telemetry: Telemetry, checkId: string, span: Span): Promise<SliPreview> {
  const runs = await readCheckRuns(telemetry, { ...span, checkId, limit: MOST_RUNS })
  const counted = new Map<number, { good: number; total: number }>()
  for (const run of runs) {
    const minute = minuteOf(run.scheduledAt)
    const { good, total } = counted.get(minute) ?? { good: 0, total: 0 }
    counted.set(minute, { good: good + Number(run.ok), total: total + 1 })
  }
  return {
    minutes: minutesBetween(span, (minute) => counted.get(minute)),
    series: new Set(runs.map((run) => run.location)).size,
    notes: [],
  }
}

function minutesBetween(
  { from, to }: Span,
  countsOf: (minute: number) => { good: number; total: number } | null | undefined,
): SliPreview['minutes'] {
  const minutes = []
  for (let at = from; at < to; at += MINUTE_MS) {
    const { good, total } = countsOf(at) ?? { good: 0, total: 0 }
    minutes.push({ at, good, total })
  }
  return minutes
}
