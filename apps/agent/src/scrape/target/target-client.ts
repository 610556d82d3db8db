import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { authorizationHeader } from './authorization-header.ts'
import type { ScrapeTarget } from './scrape-target.ts'

export interface TargetAnswer {
  body: Buffer
  contentType: string | null
}

const ACCEPT = [
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6',
  'application/openmetrics-text;version=1.0.0;q=0.5',
  'application/openmetrics-text;version=0.0.1;q=0.4',
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3',
  'text/plain;version=0.0.4;q=0.2',
  '*/*;q=0.1',
].join(',')
const MAX_REDIRECTS = 5
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Fetches what targets expose. Not through `fetch`, which refuses ports that browsers must not reach. */
export class TargetClient {
  readonly #http = new http.Agent({ keepAlive: true })
  readonly #https = new https.Agent({ keepAlive: true })

  /** Rejects unless the target answers 200, in time and within the job's limit of size. */
  async fetch({ job, url }: ScrapeTarget, stopping: AbortSignal): Promise<TargetAnswer> {
    const timeout = AbortSignal.timeout(job.timeoutMs)
    const signal = AbortSignal.any([stopping, timeout])
    const headers: Record<string, string> = {
      accept: ACCEPT,
      'accept-encoding': 'gzip',
      'user-agent': 'nines-agent/0.1.0',
      'x-prometheus-scrape-timeout-seconds': String(job.timeoutMs / 1000),
    }
    try {
      if (job.authorization) headers.authorization = await authorizationHeader(job.authorization)
      const response = await this.#follow(new URL(url), headers, signal)
      const body = await readBody(response, job.maxBodyBytes, signal)
      return { body, contentType: response.headers['content-type'] ?? null }
    } catch (error) {
      if (timeout.aborted) throw new Error(`no complete answer within ${job.timeoutMs} ms`, { cause: error })
      throw error
    }
  }

  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }

  async #follow(first: URL, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
    let url = first
    for (let redirects = 0; ; redirects++) {
      const { authorization: _, ...anonymous } = headers
      // A secret is for the host it was configured for.
      const response = await this.#request(url, url.origin === first.origin ? headers : anonymous, signal)
      const { statusCode = 0, statusMessage = '' } = response
      const { location } = response.headers
      if (statusCode === 200) return response
      response.destroy()
      if (!REDIRECTS.has(statusCode) || location === undefined)
        throw new Error(`the target answered ${statusCode} ${statusMessage}`.trim())
      if (redirects === MAX_REDIRECTS) throw new Error(`more than ${MAX_REDIRECTS} redirects`)
      url = new URL(location, url)
    }
  }

  /** A kept connection may have been closed by the target just now, which says nothing of it: then a new one is tried. */
  async #request(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
    const first = await this.#send(url, headers, signal)
    if (first !== 'connection was stale') return first
    const second = await this.#send(url, { ...headers, connection: 'close' }, signal)
    if (second !== 'connection was stale') return second
    throw new Error('the target closes its connections')
  }

  #send(
    url: URL,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<IncomingMessage | 'connection was stale'> {
    return new Promise((resolve, reject) => {
      const isTls = url.protocol === 'https:'
      const agent = headers['connection'] === 'close' ? false : isTls ? this.#https : this.#http
      const request = (isTls ? https : http).request(url, { headers, signal, agent }, resolve)
      request.on('error', (error: NodeJS.ErrnoException) => {
        if (request.reusedSocket && error.code === 'ECONNRESET') resolve('connection was stale')
        else reject(error)
      })
      request.end()
    })
  }
}

async function readBody(response: IncomingMessage, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const collect = async (source: AsyncIterable<Buffer>): Promise<Buffer> => {
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of source) {
      length += chunk.length
      if (length > maxBytes) throw new Error(`the answer is larger than the body_size_limit of ${maxBytes} bytes`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks, length)
  }
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? ''
  if (encoding === 'gzip') return pipeline(response, createGunzip(), collect, { signal })
  if (encoding === '' || encoding === 'identity') return pipeline(response, collect, { signal })
  response.destroy()
  throw new Error(`the answer has the encoding ${JSON.stringify(encoding)}, which was not asked for`)
}
