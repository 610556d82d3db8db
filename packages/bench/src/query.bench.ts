import { list, positive, readBenchOptions } from './bench-options.ts'
import { missingProgram } from './ingest-cases.ts'
import { compareAnswers } from './query/compare-answers.ts'
import { loadQueryData } from './query/load-query-data.ts'
import { measureQuery } from './query/measure-query.ts'
import { ninesClient } from './query/nines-client.ts'
import { prometheusClient } from './query/prometheus-api.ts'
import { QueryData } from './query/query-data.ts'
import { queryCases, type QueryAnswer, type QueryCase } from './query/query-case.ts'
import type { QueryClient } from './query/query-client.ts'
import { formatTable, ratios, summarise, type CaseRuns } from './report/figure-table.ts'
import { progress } from './report/progress.ts'
import { runBench } from './report/run-bench.ts'
import { formatSpread } from './report/spread.ts'
import { startNines, type NinesTarget } from './targets/nines.ts'
import { startPrometheus } from './targets/prometheus.ts'
import type { StartTarget, Target } from './targets/target.ts'
import { startVictoriaMetrics } from './targets/victoria-metrics.ts'
import { withTargets } from './targets/with-targets.ts'
import { untilQuiet } from './usage/until-quiet.ts'
import { UsageMeter } from './usage/usage-meter.ts'

const MINUTE_MS = 60_000
const PEERS = new Set(['victoria_metrics', 'prometheus'])
const COMPARED = ['p50_ms', 'p99_ms', 'cpu_ms']
const SETTLE_MIN_MS = 15_000
const SETTLE_MAX_MS = 120_000
const QUERY_MAX_MS = 30_000

interface System {
  name: string
  start: StartTarget
  connect: (target: Target) => QueryClient
  program?: string
}

const systems: System[] = [
  {
    name: 'nines',
    start: (folder) => startNines(folder, { api: true }),
    connect: (target) => ninesClient(target as NinesTarget),
  },
  {
    name: 'victoria_metrics',
    start: startVictoriaMetrics,
    connect: (target) => prometheusClient(target.url),
    program: 'victoria-metrics',
  },
  {
    name: 'prometheus',
    start: startPrometheus,
    connect: (target) => prometheusClient(target.url),
    program: 'prometheus',
  },
]

/**
 * npm run bench -- query [--hours 24] [--days 30] [--times 30] [--runs 3] [--only nines,victoria_metrics] [--json] [--no-pin]
 */
async function main(): Promise<boolean> {
  const { common, own } = readBenchOptions(['hours', 'days', 'times'])
  const span = {
    beganMs: thisMinute(),
    rateHours: positive('hours', own.hours ?? '24'),
    sloDays: positive('days', own.days ?? '30'),
  }
  const times = positive('times', own.times ?? '30')
  const wanted = systems.filter((s) => common.only.length === 0 || list(common.only.join()).includes(s.name))
  const present = wanted.filter((system) => {
    const program = missingProgram(system)
    if (program !== undefined) progress(`${system.name} is left out: ${program} is not installed`)
    return program === undefined
  })
  return withTargets(
    present.map((s) => s.start),
    common,
    async (targets) => {
      const data = new QueryData(span)
      const samples = await loadQueryData(targets, data, span.beganMs)
      progress(`${samples} samples are in each; waiting until sums, merges and compactions are done`)
      for (const target of targets) await target.settle?.()
      const meter = new UsageMeter(targets.flatMap((t) => t.processes))
      await untilQuiet(meter, SETTLE_MIN_MS, SETTLE_MAX_MS)
      meter.stop()
      const endMs = thisMinute()
      const latest = await loadQueryData(targets, data, endMs)
      progress(`${latest} samples of the last minutes are in each, up to ${new Date(endMs).toISOString()}`)
      const connected = present.map(({ name, connect }, i) => {
        const target = targets[i] as Target
        return { name, target, client: connect(target) }
      })
      const figures: Record<string, unknown> = {}
      for (const query of queryCases({ ...span, endMs })) {
        figures[query.name] = await measureCase(query, connected, { runs: common.runs, times })
      }
      for (const { client } of connected) await client.close()
      if (common.json) console.log(JSON.stringify({ bench: 'query', runs: common.runs, ...span, endMs, ...figures }))
      return true
    },
  )
}

function thisMinute(): number {
  return Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
}

type Connected = { name: string; target: Target; client: QueryClient }

async function measureCase(
  query: QueryCase,
  systemsToAsk: readonly Connected[],
  { runs, times }: { runs: number; times: number },
): Promise<Record<string, unknown>> {
  const all: CaseRuns[] = systemsToAsk.map(({ name }) => ({ name, runs: [] }))
  const answers = new Map<string, QueryAnswer>()
  const first: Record<string, number> = {}
  for (let run = 0; run < runs; run++) {
    for (const [i, { name, target, client }] of systemsToAsk.entries()) {
      const { figures, answer, firstMs } = await measureQuery(target, client, query, { times, maxMs: QUERY_MAX_MS })
      all[i]?.runs.push(figures)
      if (run === 0) first[name] = Math.round(firstMs)
      answers.set(name, answer)
    }
  }
  console.log(`\n${formatTable(query.name, all)}`)
  console.log(`asked for the first time, ms: ${JSON.stringify(first)}`)
  return {
    first_ms: first,
    ...Object.fromEntries(all.map((c) => [c.name, summarise(c.runs)])),
    ratios: ratiosToPeers(all),
    differences: differencesOf(answers),
  }
}

function ratiosToPeers(all: readonly CaseRuns[]): Record<string, unknown> {
  const ours = all.find((c) => c.name === 'nines')
  const compared: Record<string, unknown> = {}
  for (const peer of all.filter((c) => PEERS.has(c.name))) {
    if (ours === undefined) continue
    for (const figure of COMPARED) {
      const ratio = ratios(ours, peer, figure)
      compared[`${figure}_ratio_to_${peer.name}`] = ratio
      console.log(`${figure}_ratio_to_${peer.name}: ${formatSpread(ratio)}`)
    }
  }
  return compared
}

/** How far the answers of each two systems are apart, as a share of the value. */
function differencesOf(answers: ReadonlyMap<string, QueryAnswer>): Record<string, unknown> {
  const names = [...answers.keys()]
  const differences: Record<string, unknown> = {}
  for (const [i, a] of names.entries()) {
    for (const b of names.slice(i + 1)) {
      const difference = compareAnswers(answers.get(a) ?? new Map(), answers.get(b) ?? new Map())
      differences[`${a}_to_${b}`] = difference
      console.log(
        `${a} and ${b}: ${difference.rows} rows, ${difference.values} values, ${difference.unmatched} unmatched, largest relative difference ${difference.largest.toExponential(1)}`,
      )
    }
  }
  return differences
}

await runBench(main)
