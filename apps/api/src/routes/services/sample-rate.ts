import { messageOf } from '@nines/kernel'
import { counterIncrease, MINUTE_MS, pointsFromSamples } from '@nines/slo'
import { findSeries, readSamples } from '@nines/telemetry'
import type { ApiContext } from '../../context.ts'

/** Rows that the ingest apps accepted, which they report as telemetry of their own. */
const ACCEPTED = {
  metric: 'nines.ingest.rows',
  matchers: [
    { label: 'signal', op: '=' as const, value: 'metrics' },
    { label: 'outcome', op: '=' as const, value: 'accepted' },
  ],
}

/** Live series are announced every ten minutes. */
const ANNOUNCED_MS = 30 * MINUTE_MS

/**
 * Metric rows a second that ingest accepted over the last minute, from Nines' own telemetry. null in a workspace that
 * does not receive it, before two reports, and while the telemetry store is away: it is no reason to fail a page.
 */
export async function sampleRate({ telemetry, logger }: ApiContext, workspace: number): Promise<number | null> {
  try {
    const to = Date.now()
    const series = await findSeries(telemetry, workspace, ACCEPTED, { since: to - ANNOUNCED_MS })
    const ids = series.map((definition) => definition.id)
    const samples = await readSamples(telemetry, { workspace, series: ids, from: to - MINUTE_MS, to })
    const rates = [...samples.values()].map(ratePerSecond).filter((rate) => rate !== null)
    return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0)
  } catch (error) {
    logger.warn({ reason: messageOf(error) }, 'the rate of samples is unknown')
    return null
  }
}

function ratePerSecond(columns: Parameters<typeof pointsFromSamples>[0]): number | null {
  const points = [...pointsFromSamples(columns)]
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || last.at <= first.at) return null
  let increase = 0
  for (const [index, point] of points.entries()) {
    const previous = points[index - 1]
    if (previous !== undefined) increase += counterIncrease(previous, point, 'cumulative')[0] ?? 0
  }
  return increase / ((last.at - first.at) / 1000)
}
