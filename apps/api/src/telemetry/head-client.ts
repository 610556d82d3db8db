import { Agent, request } from 'node:http'
import type { Clock } from '@nines/kernel'
import { findHead } from '@nines/pipeline'
import { HEAD_KEEPS_MS, type QueryAnswer, type QueryRow, type TelemetryQuery } from '@nines/telemetry'
import type { Redis } from 'ioredis'

export interface HeadClientOptions {
  redis: Redis
  /** Prefix of every Redis key of this installation. */
  prefix: string
  /** Streams that blocks are spread over by workspace. */
  shards: number
  /** What proves to a head that we may ask. */
  secret: string
  clock: Clock
}

/** For how long the address of a head, or that there is none, is believed. */
const BELIEVED_MS = 2_000
/** A head answers within a few milliseconds or is busier than the store is slow. */
const PATIENCE_MS = 300

interface Located {
  url: string | null
  until: number
}

/** Asks the resident heads of the store. Whatever goes wrong is no error: null sends the question to ClickHouse. */
export class HeadClient {
  readonly #options: HeadClientOptions
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 })
  readonly #located = new Map<number, Located>()

  constructor(options: HeadClientOptions) {
    this.#options = options
  }

  /** The head's answer, null when there is none or it does not hold all that the query takes. */
  async ask(workspace: number, query: TelemetryQuery, signal?: AbortSignal): Promise<QueryAnswer | null> {
    const { clock, shards } = this.#options
    if (query.grid.from - query.window < clock.now() - HEAD_KEEPS_MS) return null
    const shard = workspace % shards
    const url = await this.#locate(shard)
    if (url === null) return null
    try {
      const rows = await this.#post(url, { workspace, query }, signal)
      return rows && { rows, source: 'head' }
    } catch {
      // Gone, slow or no longer the owner: nobody asks it again until its address is looked up anew.
      this.#located.set(shard, { url: null, until: clock.now() + BELIEVED_MS })
      return null
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  async #locate(shard: number): Promise<string | null> {
    const { redis, prefix, clock } = this.#options
    const known = this.#located.get(shard)
    if (known && clock.now() < known.until) return known.url
    const found = await findHead(redis, prefix, shard).catch(() => null)
    const url = found?.url ?? null
    this.#located.set(shard, { url, until: clock.now() + BELIEVED_MS })
    return url
  }

  /** Rows, or null when the head declines. */
  #post(url: string, body: object, signal: AbortSignal | undefined): Promise<QueryRow[] | null> {
    const text = JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${url}/internal/head/query`,
        {
          method: 'POST',
          agent: this.#agent,
          timeout: PATIENCE_MS,
          signal,
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(text),
            authorization: `Bearer ${this.#options.secret}`,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.once('error', reject)
          incoming.once('end', () => {
            if (incoming.statusCode === 204) resolve(null)
            else if (incoming.statusCode === 200) resolve(parseRows(Buffer.concat(chunks).toString()))
            else reject(new Error(`the head answers ${incoming.statusCode}`))
          })
        },
      )
      outgoing.once('timeout', () => outgoing.destroy(new Error('the head does not answer in time')))
      outgoing.once('error', reject)
      outgoing.end(text)
    })
  }
}

function parseRows(text: string): QueryRow[] {
  const { rows } = JSON.parse(text) as { rows: { labels: QueryRow['labels']; values: (number | null)[] }[] }
  return rows.map(({ labels, values }) => ({ labels, values: Float64Array.from(values, (value) => value ?? NaN) }))
}
