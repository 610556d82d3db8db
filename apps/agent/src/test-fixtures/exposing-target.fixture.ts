import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP server that exposes metrics as it is told. */
export interface ExposingTarget {
  /** host:port */
  readonly address: string
  text: string
  contentType: string
  /** Takes the answer over, when set. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | null
  readonly requests: IncomingMessage[]
  /** Refuses connections until started again on the same port. */
  stop(): Promise<void>
  startAgain(): Promise<void>
}

export async function startExposingTarget(text = ''): Promise<ExposingTarget> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    if (target.answer) return target.answer(request, response)
    response.writeHead(200, { 'content-type': target.contentType }).end(target.text)
  })
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const target: ExposingTarget = {
    address: `127.0.0.1:${port}`,
    text,
    contentType: 'text/plain; version=0.0.4',
    answer: null,
    requests,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
    startAgain: () => listen(port),
  }
  return target
}
