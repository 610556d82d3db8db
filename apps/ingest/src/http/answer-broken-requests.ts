import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { NinesError } from '@nines/kernel'
import { CONTENT_TYPES, encodeStatus } from '@nines/wire'
import type { Answer } from '../formats/write-format.ts'

/** A sender that is still writing is listened to for so long, or its system would drop our answer unread. */
const LINGER_MS = 1_000

/**
 * Answers what never became a whole request: a google.rpc.Status, or what the path's format answers where the head
 * came through. One that took too long is 503, not HTTP's 408, which tells a sender of OTLP or remote write to throw its
 * data away. Returns the listener of `clientError`.
 */
export function answerBrokenRequests(
  server: Server,
  refuse: (error: NinesError, request: IncomingMessage) => Answer | undefined,
): (error: Error, socket: Duplex) => void {
  const requests = new WeakMap<Duplex, IncomingMessage>()
  server.on('request', (request) => void requests.set(request.socket, request))
  return (error, socket) => {
    if (socket.destroyed || socket.writableEnded) return
    const request = requests.get(socket)
    const isUnderWay = request !== undefined && !request.complete
    const fault = faultOf((error as NodeJS.ErrnoException).code)
    const refusal = (isUnderWay && refuse(fault.told, request)) || plainRefusal(fault.told)
    socket.end(textOf({ ...refusal, status: fault.status }))
    socket.resume()
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  }
}

/** What the sender is told, and the HTTP status for it. */
function faultOf(code: string | undefined): { told: NinesError; status: number } {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const told = new NinesError('unavailable', 'the request did not arrive in time', { retryAfterSeconds: 1 })
    return { told, status: 503 }
  }
  if (code === 'HPE_HEADER_OVERFLOW')
    return { told: new NinesError('too_large', 'the headers of the request are too large'), status: 431 }
  return { told: new NinesError('bad_request', 'this is not HTTP as it should be'), status: 400 }
}

function plainRefusal(error: NinesError): Answer {
  const headers: Record<string, string> = { 'content-type': CONTENT_TYPES.json }
  if (error.code === 'unavailable') headers['retry-after'] = String(error.retryAfterSeconds ?? 1)
  return { status: error.status, headers, body: encodeStatus('json', error.status, error.message) }
}

function textOf({ status, headers, body }: Answer): Buffer {
  const content = Buffer.from(body)
  const all = { ...headers, 'content-length': content.length, connection: 'close' }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`),
    content,
  ])
}
