import type { IncomingMessage, ServerResponse } from 'node:http'
import { NinesError, type Logger } from '@nines/kernel'
import { authenticate } from '../auth/authenticate.ts'
import type { KeyDirectory, SenderKey } from '../auth/key-directory.ts'
import type { Answer, WriteFormat } from '../formats/write-format.ts'
import type { RequestMeter } from '@nines/instrument'
import type { Receiver } from '../receive/receiver.ts'
import type { ByteBudget, ByteShare } from './byte-budget.ts'
import { readBody, type ArrivedBody } from './read-body.ts'

export interface WriteServerOptions {
  /** What each path takes. */
  formats: ReadonlyMap<string, WriteFormat>
  keys: KeyDirectory
  receiver: Receiver
  budget: ByteBudget
  /** Most bytes of one body, before and after decompression. */
  maxBytes: number
  measure: RequestMeter
  logger: Logger
}

/** What a body of unknown length is taken for when it is judged who sends most. */
const UNKNOWN_LENGTH_BYTES = 64 * 1024

/**
 * Serves the paths that telemetry is pushed to on bare node:http, for which a framework costs as much again as the
 * request itself. Answers false for every other path, of which it touches nothing.
 */
export function serveWrites(options: WriteServerOptions) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const path = pathOf(request)
    const format = options.formats.get(path)
    if (!format) return false
    void serve(options, format, path, request, response)
    return true
  }
}

/** The path of a request without its query. */
export function pathOf({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

async function serve(
  options: WriteServerOptions,
  format: WriteFormat,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now()
  let key: SenderKey | undefined
  let share: ByteShare | undefined
  let body: ArrivedBody | undefined
  let answer: Answer
  try {
    if (request.method !== 'POST')
      throw new NinesError('method_not_allowed', `this path takes POST, not ${request.method ?? ''}`)
    const found = authenticate(request.headers, options.keys)
    key = found instanceof Promise ? await found : found
    const reading = format.reading(request.headers)
    const declaredLength = Number(request.headers['content-length'] ?? UNKNOWN_LENGTH_BYTES)
    const admitted = options.receiver.admit(key, format.signal, declaredLength)
    if (admitted) await admitted
    share = options.budget.open(key.workspaceNumber)
    const { encoding } = reading
    body = await readBody(request, { encoding, declaredLength }, { maxBytes: options.maxBytes, share })
    answer = reading.answer(await options.receiver.receive(key, format.signal, body, reading.read))
  } catch (error) {
    if (key) options.receiver.refused(key, format.signal, error)
    answer = refusalOf(options.logger, format, error, request)
  }
  body?.free()
  share?.close()
  // Of a body that was refused on its way, what is beyond bounds was not read: no next request can be told from it.
  if (share && !request.complete) answer.headers.connection = 'close'
  send(response, answer)
  options.measure(path, request.method ?? '', answer.status, performance.now() - startedAt)
}

/** What a path's format answers to a refusal, with what HTTP wants of every one. */
export function refusalOf(logger: Logger, format: WriteFormat, error: unknown, request: IncomingMessage): Answer {
  const known =
    error instanceof NinesError
      ? error
      : new NinesError('internal', 'ingest failed to handle the request', { cause: error })
  if (known.code === 'internal') logger.error({ err: error, url: request.url }, 'request failed')
  const { status, headers, body } = format.refusal(known, request.headers)
  if (status === 405) headers.allow = 'POST'
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  if (status === 429 || status === 503) headers['retry-after'] = String(known.retryAfterSeconds ?? 1)
  return { status, headers, body }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed) return
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
