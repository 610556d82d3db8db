import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Answer } from '../formats/write-format.ts'
import { answerBrokenRequests } from './answer-broken-requests.ts'

let server: Server
afterEach(() => server.close())

/** What a server of little patience says to the bytes, until it closes the connection. */
async function answerTo(sent: string, refusal?: Answer): Promise<string> {
  server = createServer({ requestTimeout: 100, headersTimeout: 100, connectionsCheckingInterval: 20 })
  // Takes its time: for the whole body.
  server.on('request', (request, response) => request.resume().on('end', () => response.end('taken')))
  server.on(
    'clientError',
    answerBrokenRequests(server, (error) => refusal && { ...refusal, body: error.message }),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).write(sent)
  await once(socket, 'end')
  socket.destroy()
  return Buffer.concat(chunks).toString()
}

const HEAD = 'POST /v1/logs HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n'

describe('OTLP/HTTP, Retryable Response Codes: what may be sent again MUST NOT be told to be thrown away', () => {
  test('a request that takes too long is 503 with Retry-After, not 408', async () => {
    const answer = await answerTo(`${HEAD}half`)
    expect(answer).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n[^]*retry-after: 1\r\n/)
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toEqual({
      code: 14,
      message: 'the request did not arrive in time',
    })
  })

  test('in the words of its path, where the head came through', async () => {
    const refusal = { status: 503, headers: { 'content-type': 'text/plain', 'retry-after': '7' }, body: '' }
    const answer = await answerTo(`${HEAD}half`, refusal)
    expect(answer).toMatch(/^HTTP\/1\.1 503 [^]*content-type: text\/plain\r\nretry-after: 7\r\n/)
    expect(answer.split('\r\n\r\n')[1]).toBe('the request did not arrive in time')
  })
})

test('a head that never ends is told in JSON, which people read', async () => {
  const answer = await answerTo('POST /v1/logs HTTP/1.1\r\nhost: x\r\n', { status: 500, headers: {}, body: '' })
  expect(answer).toMatch(/^HTTP\/1\.1 503 [^]*content-type: application\/json\r\n/)
})
