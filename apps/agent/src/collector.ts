import { setTimeout as sleep } from 'node:timers/promises'
import type { Resource } from '@opentelemetry/resources'
import { encodeMetrics } from './encode-metrics.ts'
import { hostMetrics, type HostMetric } from './host-metrics.ts'
import type { HostReading } from './host-reading.ts'
import { readHost } from './read-host.ts'

export interface CollectorOptions {
  intervalMs: number
  /** Epoch ms at which the host's counters began. */
  countersSince: number
  resource: Resource
  /** Gauges of the agent itself by name. */
  ownMetrics: () => Record<string, number>
  /** Takes one encoded reading; resolves when it is safe. */
  deliver: (bytes: Uint8Array) => Promise<void>
  onFailure: (error: unknown) => void
}

export interface Collector {
  /** Epoch ms of the newest reading that is safe; null before the first. */
  readonly collectedAt: number | null
  stop(): Promise<void>
}

/** Reads the host at once and then at every multiple of the interval. A failed reading does not end it. */
export function startCollector(options: CollectorOptions): Collector {
  const stopping = new AbortController()
  let collectedAt: number | null = null
  let previous: HostReading | null = null

  const collect = async (): Promise<void> => {
    const reading = await readHost()
    const metrics = [...hostMetrics(reading, previous), ...gauges(options.ownMetrics())]
    previous = reading
    await options.deliver(
      encodeMetrics(options.resource, metrics, { at: reading.at, countersSince: options.countersSince }),
    )
    collectedAt = reading.at
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await collect().catch(options.onFailure)
      const pauseMs = options.intervalMs - (Date.now() % options.intervalMs)
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const finished = run()
  return {
    get collectedAt() {
      return collectedAt
    },
    stop: () => {
      stopping.abort()
      return finished
    },
  }
}

function gauges(values: Record<string, number>): HostMetric[] {
  return Object.entries(values).map(([name, value]) => ({
    name,
    unit: '1',
    description: '',
    kind: 'gauge',
    points: [{ value, attributes: {} }],
  }))
}
