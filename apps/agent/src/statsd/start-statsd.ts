import type { Logger } from '@nines/kernel'
import { onGrid } from '../on-grid.ts'
import { encodeStatsd } from './encode-statsd.ts'
import { listenTcp } from './listen-tcp.ts'
import { listenUdp } from './listen-udp.ts'
import { parseStatsdLine } from './parse-statsd-line.ts'
import { StatsdAggregator } from './statsd-aggregator.ts'
import { StatsdCounts } from './statsd-counts.ts'

export interface StatsdOptions {
  host: string
  /** For UDP and TCP; 0 picks a free one for each. */
  port: number
  intervalMs: number
  /** Distinct series of one interval. */
  maxSeries: number
  hostName: string
  /** Takes one flush as OTLP; resolves when it is safe. */
  deliver: (bytes: Uint8Array) => Promise<void>
  logger: Logger
}

export interface Statsd {
  readonly udpPort: number
  readonly tcpPort: number
  /** Totals since the start: lines, ignored.<what>, refused.<reason>. */
  totals(): Record<string, number>
  /** Stops listening and delivers the interval that has begun. */
  stop(): Promise<void>
}

const MAX_LINE_BYTES = 8192
const MAX_CONNECTIONS = 1000
const MAX_SET_MEMBERS = 100_000
const GAUGE_KEEP_MS = 5 * 60_000

/** Listens for StatsD and DogStatsD lines and delivers their sums at every multiple of the interval. */
export async function startStatsd(options: StatsdOptions): Promise<Statsd> {
  const { logger } = options
  const counts = new StatsdCounts(logger)
  const aggregator = new StatsdAggregator({
    startMs: Date.now(),
    maxSeries: options.maxSeries,
    maxSetMembers: MAX_SET_MEMBERS,
    gaugeKeepMs: GAUGE_KEEP_MS,
  })
  const take = (bytes: Buffer): void => takeLine(bytes.toString('utf8').replace(/\r$/, ''), aggregator, counts)
  const tooLong = (): void => counts.refused('line_too_long', `over ${MAX_LINE_BYTES} bytes`)

  const address = { host: options.host, port: options.port }
  const udp = await listenUdp(address, (datagram) => splitDatagram(datagram, take, tooLong), logger)
  const tcp = await listenTcp(
    {
      ...address,
      maxConnections: MAX_CONNECTIONS,
      maxLineBytes: MAX_LINE_BYTES,
      onLine: take,
      onTooLong: tooLong,
      onRefused: () => counts.refused('too_many_connections', `over ${MAX_CONNECTIONS}`),
    },
    logger,
  ).catch(async (error: unknown) => {
    await udp.stop()
    throw error
  })

  const flush = async (): Promise<void> => {
    const now = Date.now()
    counts.log(now)
    const series = aggregator.flush(now)
    if (series.length > 0) await options.deliver(encodeStatsd(series, options.hostName))
  }
  const onFailure = (error: unknown): void => logger.error({ err: error }, 'an interval of StatsD is lost')
  const grid = onGrid({ intervalMs: options.intervalMs, run: flush, onFailure })
  return {
    udpPort: udp.port,
    tcpPort: tcp.port,
    totals: () => counts.totals(),
    stop: async () => {
      await Promise.all([udp.stop(), tcp.stop()])
      await grid.stop()
      await flush().catch(onFailure)
    },
  }
}

function splitDatagram(datagram: Buffer, take: (line: Buffer) => void, tooLong: () => void): void {
  let start = 0
  while (start < datagram.length) {
    const newline = datagram.indexOf(0x0a, start)
    const end = newline < 0 ? datagram.length : newline
    if (end - start > MAX_LINE_BYTES) tooLong()
    else if (end > start) take(datagram.subarray(start, end))
    start = end + 1
  }
}

function takeLine(line: string, aggregator: StatsdAggregator, counts: StatsdCounts): void {
  if (line === '') return
  counts.line()
  const message = parseStatsdLine(line)
  switch (message.kind) {
    case 'ignored':
      return counts.ignored(message.what)
    case 'malformed':
      return counts.refused(message.reason, line)
    case 'metric': {
      const outcome = aggregator.add(message, Date.now())
      if (outcome !== 'taken') counts.refused(outcome, line)
    }
  }
}
