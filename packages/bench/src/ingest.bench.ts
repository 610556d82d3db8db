import { NinesError } from '@nines/kernel'
import { list, positive, readBenchOptions, type BenchOptions } from './bench-options.ts'
import { runFreshness } from './freshness-case.ts'
import { ingestCases, missingProgram, signalCases, steadyCases, type IngestCase } from './ingest-cases.ts'
import { formatTable, ratios, summarise, type CaseRuns } from './report/figure-table.ts'
import { progress } from './report/progress.ts'
import { runBench } from './report/run-bench.ts'
import { formatSpread, type Spread } from './report/spread.ts'
import { runCases, runSteadyCases } from './run-cases.ts'
import type { NinesOptions } from './targets/nines.ts'

/** Enough for merges to take part, and not much more: 7 million samples of few series, 12 million of many. */
const defaultSteps = (series: number) => Math.max(60, Math.ceil(7_200_000 / series))
const SIGNAL_STEPS = 60
const FRESHNESS = 'nines_freshness'
const PEERS = ['victoria_metrics', 'prometheus']
const STEADY_MINUTES = '4'
const COMPARED = [
  'cpu_us_per_sample',
  'cpu_us_per_new_series',
  'cpu_us_per_later_series',
  'peak_rss_mb',
  'peak_pss_mb',
  'disk_bytes_per_sample',
  'stored_per_s',
]
const STEADY_COMPARED = ['cpu_us_per_sample', 'peak_rss_mb', 'peak_pss_mb', 'final_pss_mb']

/**
 * npm run bench -- ingest [--series 20000,200000] [--steps N] [--runs 3] [--only nines,victoria_metrics] [--json]
 *   [--connections 16] [--redis-fsync always|everysec] [--steady-minutes 4] [--no-pin]
 */
async function main(): Promise<boolean> {
  const { common, own } = readBenchOptions(['series', 'steps', 'connections', 'redis-fsync', 'steady-minutes'])
  const options: NinesOptions = { appendFsync: fsyncChoice(own['redis-fsync']) }
  const sizes = list(own.series ?? '20000,200000').map((text) => positive('series', text))
  const connections = positive('connections', own.connections ?? '16')
  const chosenSteps = own.steps === undefined ? undefined : positive('steps', own.steps)
  const metrics = ingestCases(options)
  const signals = signalCases(options)
  const steady = steadyCases(options)
  const minutes = positive('steady-minutes', own['steady-minutes'] ?? STEADY_MINUTES)
  checkNames(common, [...metrics, ...signals, ...steady].map((c) => c.name).concat(FRESHNESS))

  const figures: Record<string, unknown> = {}
  let isComplete = true
  const report = (title: string, all: CaseRuns[]): CaseRuns[] => {
    isComplete &&= all.every((c) => c.runs.length === common.runs)
    const shown = all.filter((c) => c.runs.length > 0)
    if (shown.length > 0) console.log(`\n${formatTable(title, shown)}`)
    return shown
  }
  for (const series of sizes) {
    const steps = chosenSteps ?? defaultSteps(series)
    const all = await runCases(chosen(metrics, common), common, { series, steps, connections })
    const shown = report(`${series} series x ${steps} steps`, all)
    const ratiosToPeers = compare(shown, COMPARED)
    const freshness = isWanted(FRESHNESS, common)
      ? report(`freshness at half load, ${series} series`, [
          await runFreshness(options, common, { series, connections }, all),
        ])
      : []
    const wantedSteady = common.only.length === 0 ? [] : chosen(steady, common)
    const atRealRate = report(
      `${series} series, one sample each in 15 s, ${minutes} min`,
      await runSteadyCases(wantedSteady, common, { series, minutes, connections }),
    )
    if (atRealRate.length > 0)
      figures[`steady_${series}`] = {
        ...summaries(atRealRate),
        ratios: compare(atRealRate, STEADY_COMPARED, '_steady'),
      }
    figures[`series_${series}`] = { ...summaries([...shown, ...freshness]), ratios: ratiosToPeers }
  }
  const wantedSignals = chosen(signals, common)
  if (wantedSignals.length > 0) {
    const size = { series: 0, steps: chosenSteps ?? SIGNAL_STEPS, connections }
    const all = await runCases(wantedSignals, common, size)
    Object.assign(figures, summaries(all.flatMap((one) => report(`${one.name} x ${size.steps} steps`, [one]))))
  }
  if (common.json) console.log(JSON.stringify({ bench: 'ingest', runs: common.runs, ...figures }))
  return isComplete
}

function checkNames({ only }: BenchOptions, known: string[]): void {
  const unknown = only.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new NinesError('invalid', `--only knows ${known.join(', ')}, not ${unknown}`)
}

function isWanted(name: string, { only }: BenchOptions): boolean {
  return only.length === 0 || only.includes(name)
}

function chosen(all: IngestCase[], options: BenchOptions): IngestCase[] {
  return all.filter((c) => {
    if (!isWanted(c.name, options)) return false
    const program = missingProgram(c)
    if (program !== undefined) progress(`${c.name} is left out: ${program} is not installed`)
    return program === undefined
  })
}

function fsyncChoice(text: string | undefined): 'always' | 'everysec' | undefined {
  if (text === undefined || text === 'always' || text === 'everysec') return text
  throw new NinesError('invalid', `--redis-fsync takes always or everysec, not ${text}`)
}

function summaries(all: readonly CaseRuns[]): Record<string, unknown> {
  return Object.fromEntries(all.map((c) => [c.name, summarise(c.runs)]))
}

/** Ratios of ours to each peer that ran, and of OTLP to our remote write. */
function compare(all: readonly CaseRuns[], names: readonly string[], suffix = ''): Record<string, Spread> {
  const named = (name: string) => all.find((c) => c.name === `${name}${suffix}`)
  const [ours, otlp] = [named('nines'), named('nines_otlp')]
  if (ours === undefined) return {}
  const compared: Record<string, Spread> = {}
  for (const name of PEERS) {
    const peer = named(name)
    if (peer === undefined) continue
    for (const figure of names) compared[`${figure}_ratio_to_${name}`] = ratios(ours, peer, figure)
  }
  if (otlp !== undefined) compared.otlp_cpu_ratio_to_remote_write = ratios(otlp, ours, 'cpu_us_per_sample')
  for (const [name, ratio] of Object.entries(compared)) console.log(`${name}: ${formatSpread(ratio)}`)
  return compared
}

await runBench(main)
