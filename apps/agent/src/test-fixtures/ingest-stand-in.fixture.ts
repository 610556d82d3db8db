import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StoodIn {
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** An HTTP server in ingest's place: keeps what it accepts and answers with the status it is told. */
export interface IngestStandIn {
  readonly url: string
  /** Answered to every request; those answered 2xx are kept. */
  status: number
  readonly accepted: StoodIn[]
  readonly refused: number
  stop(): Promise<void>
}

export async function startIngestStandIn(): Promise<IngestStandIn> {
  const accepted: StoodIn[] = []
  let refused = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (standIn.status < 300)
        accepted.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) })
      else refused++
      response.writeHead(standIn.status).end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const standIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    status: 200,
    accepted,
    get refused() {
      return refused
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  return standIn
}
