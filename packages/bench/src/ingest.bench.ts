import { messageOf, NinesError } from '@nines/kernel'
import { list, positive, readBenchOptions, type BenchOptions } from './bench-options.ts'
import { ingestCases, missingProgram, type IngestCase } from './ingest-cases.ts'
import { ingestRunFigures } from './ingest-figures.ts'
import { measureIngest } from './measure-ingest.ts'
import { formatTable, ratios, summarise, type CaseRuns } from './report/figure-table.ts'
import { progress } from './report/progress.ts'
import { formatSpread } from './report/spread.ts'
import { withTarget } from './targets/with-target.ts'

/** Enough for merges to take part, and not much more: 7 million samples of few series, 12 million of many. */
const defaultSteps = (series: number) => Math.max(60, Math.ceil(7_200_000 / series))
const PEERS = ['victoria_metrics', 'prometheus']
const COMPARED = ['cpu_us_per_sample', 'cpu_us_per_new_series', 'peak_rss_mb', 'disk_bytes_per_sample', 'stored_per_s']
const SETTLE = { settleMinMs: 15_000, settleMaxMs: 60_000 }

/**
 * npm run bench -- ingest [--series 20000,200000] [--steps N] [--runs 3] [--only nines,victoria_metrics] [--json]
 *   [--connections 16] [--redis-fsync always|everysec] [--no-pin]
 */
async function main(): Promise<boolean> {
  const { common, own } = readBenchOptions(['series', 'steps', 'connections', 'redis-fsync'])
  const sizes = list(own.series ?? '20000,200000').map((text) => positive('series', text))
  const connections = positive('connections', own.connections ?? '16')
  const cases = chooseCases(ingestCases({ appendFsync: fsyncChoice(own['redis-fsync']) }), common)
  const figures: Record<string, unknown> = {}
  let isComplete = true
  for (const series of sizes) {
    const steps = own.steps === undefined ? defaultSteps(series) : positive('steps', own.steps)
    const all = await runInterleaved(cases, common, { series, steps, connections })
    isComplete &&= all.every((c) => c.runs.length === common.runs)
    console.log(`\n${formatTable(`ingest, ${series} series x ${steps} steps`, all)}`)
    figures[`series_${series}`] = withRatios(all)
  }
  if (common.json) console.log(JSON.stringify({ bench: 'ingest', runs: common.runs, ...figures }))
  return isComplete
}

function chooseCases(all: IngestCase[], { only }: BenchOptions): IngestCase[] {
  const unknown = only.find((name) => !all.some((c) => c.name === name))
  if (unknown !== undefined)
    throw new NinesError('invalid', `--only knows ${all.map((c) => c.name).join(', ')}, not ${unknown}`)
  const wanted = all.filter((c) => only.length === 0 || only.includes(c.name))
  return wanted.filter((c) => {
    const program = missingProgram(c)
    if (program !== undefined) progress(`${c.name} is left out: ${program} is not installed`)
    return program === undefined
  })
}

function fsyncChoice(text: string | undefined): 'always' | 'everysec' | undefined {
  if (text === undefined || text === 'always' || text === 'everysec') return text
  throw new NinesError('invalid', `--redis-fsync takes always or everysec, not ${text}`)
}

/** Every case once a round, so that what disturbs the machine disturbs all of them. A case that fails is reported and left out. */
async function runInterleaved(
  cases: IngestCase[],
  { runs, pin }: BenchOptions,
  size: { series: number; steps: number; connections: number },
): Promise<CaseRuns[]> {
  const results: CaseRuns[] = cases.map(({ name }) => ({ name, runs: [] }))
  for (let run = 0; run < runs; run++) {
    for (const [i, { name, start, load }] of cases.entries()) {
      const requests = load(size.series)
      try {
        const figures = await withTarget(start, { pin }, (target) =>
          measureIngest(target, requests, { ...size, ...SETTLE }),
        )
        progress(`${name}, ${size.series} series, run ${run + 1}: ${figures.cpuUsPerSample.toFixed(3)} us a sample`)
        results[i]?.runs.push(ingestRunFigures(figures))
      } catch (error) {
        progress(`${name}, ${size.series} series, run ${run + 1} FAILED: ${messageOf(error)}`)
      }
    }
  }
  return results.filter((result) => result.runs.length > 0)
}

function withRatios(all: CaseRuns[]): Record<string, unknown> {
  const figures: Record<string, unknown> = Object.fromEntries(all.map((c) => [c.name, summarise(c.runs)]))
  const ours = all.find((c) => c.name === 'nines')
  const otlp = all.find((c) => c.name === 'nines_otlp')
  if (ours === undefined) return figures
  const pairs = PEERS.flatMap((name) => {
    const peer = all.find((c) => c.name === name)
    return peer === undefined
      ? []
      : COMPARED.map((figure) => ({ name: `${figure}_ratio_to_${name}`, ours, peer, figure }))
  })
  if (otlp !== undefined)
    pairs.push({ name: 'otlp_cpu_ratio_to_remote_write', ours: otlp, peer: ours, figure: 'cpu_us_per_sample' })
  const compared = Object.fromEntries(pairs.map((p) => [p.name, ratios(p.ours, p.peer, p.figure)]))
  for (const [name, ratio] of Object.entries(compared)) console.log(`${name}: ${formatSpread(ratio)}`)
  return { ...figures, ratios: compared }
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
}
