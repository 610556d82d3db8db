import { encodeWriteRequest } from './encode-write-request.ts'
import type { WriteSeries } from './write-series.ts'

export interface WriteBatchOptions {
  /** Takes one request body; resolves when it is safe. */
  deliver: (bytes: Uint8Array) => Promise<void>
  onFailure: (error: unknown, samples: number) => void
}

export interface WriteBatch {
  add(series: readonly WriteSeries[]): void
  /** Delivers what is waiting. */
  stop(): Promise<void>
}

/** So many that a request is worth its cost at the receiver, and so few that it stays well under its limit of size. */
const MAX_SAMPLES = 5000
/** Scrapes of many small targets share a request; a crash costs this much at most. */
const MAX_WAIT_MS = 500

/** Gathers the samples of many scrapes into requests. */
export function startWriteBatch(options: WriteBatchOptions): WriteBatch {
  let waiting: WriteSeries[] = []
  let timer: NodeJS.Timeout | undefined
  let last: Promise<void> = Promise.resolve()

  const deliver = async (series: readonly WriteSeries[]): Promise<void> => {
    try {
      await options.deliver(encodeWriteRequest(series))
    } catch (error) {
      options.onFailure(error, series.length)
    }
  }
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    const flushed = waiting
    waiting = []
    for (let start = 0; start < flushed.length; start += MAX_SAMPLES) {
      const series = flushed.slice(start, start + MAX_SAMPLES)
      last = last.then(() => deliver(series))
    }
  }
  return {
    add: (series) => {
      for (const one of series) waiting.push(one)
      if (waiting.length >= MAX_SAMPLES) flush()
      else if (waiting.length > 0) timer ??= setTimeout(flush, MAX_WAIT_MS)
    },
    stop: () => {
      flush()
      return last
    },
  }
}
