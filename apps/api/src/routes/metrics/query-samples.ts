import { querySamples as route } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { findSeries, readHistograms, readSamples } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'
import { requireValidMatchers } from './require-valid-matchers.ts'

const MOST_SAMPLES = 200_000

export const querySamples = handle(route, async ({ workspace, body }, { telemetry }) => {
  const { metric, matchers } = body
  const [from, to] = [Date.parse(body.from), Date.parse(body.to)]
  if (!(from < to)) {
    const message = 'must be later than `from`'
    throw new NinesError('invalid', `body/to: ${message}`, { issues: [{ path: 'body/to', message }] })
  }
  requireValidMatchers([{ path: 'body', selector: { metric, matchers } }])
  const definitions = await findSeries(telemetry, workspace.number, { metric, matchers })
  const span = { workspace: workspace.number, from, to, limit: MOST_SAMPLES }
  const idsOf = (histograms: boolean) =>
    definitions.filter((d) => (d.kind === 'histogram') === histograms).map((d) => d.id)
  const [samples, histograms] = await Promise.all([
    readSamples(telemetry, { ...span, series: idsOf(false) }),
    readHistograms(telemetry, { ...span, series: idsOf(true) }),
  ])
  let count = 0
  const series = definitions.flatMap(({ id, labels }) => {
    const columns = samples.get(id)
    const points: [number, number][] = columns
      ? Array.from(columns.at, (at, i): [number, number] => [at, columns.value[i] ?? 0])
          // JSON has no NaN and no infinities, and a stale marker is no measurement.
          .filter(([, value]) => Number.isFinite(value))
      : (histograms.get(id) ?? []).filter((row) => !row.isStale).map((row) => [row.at, row.count])
    count += points.length
    return points.length === 0 ? [] : { labels, samples: points }
  })
  return { series, truncated: count >= MOST_SAMPLES }
})
