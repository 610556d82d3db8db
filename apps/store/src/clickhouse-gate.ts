import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

/** Where an insert stands when the gate asks: before ClickHouse sees it, or after it answered and before the store knows. */
export type InsertPhase = 'before' | 'after'
export type OnInsert = (table: string, phase: InsertPhase) => void | Promise<void>

/** A proxy before a real ClickHouse, for tests that must act at an exact point of an insert or take the store away. */
export interface ClickHouseGate {
  readonly url: string
  /** Inserts seen so far, by table. */
  readonly inserts: ReadonlyMap<string, number>
  onInsert: OnInsert
  /** Connections are refused until `open`. */
  close(): Promise<void>
  open(): Promise<void>
}

export async function startClickHouseGate(target: string): Promise<ClickHouseGate> {
  const inserts = new Map<string, number>()
  let server: Server | undefined
  let port = 0
  const gate = {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    inserts,
    onInsert: (() => undefined) as OnInsert,
    async open() {
      server = createServer((request, response) => {
        void pass(request, response).catch(() => response.destroy())
      })
      await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve))
      const address = server.address()
      if (address && typeof address === 'object') port = address.port
    },
    async close() {
      server?.closeAllConnections()
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
    },
  }
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sql = new URL(request.url ?? '/', target).searchParams.get('query') ?? ''
    const table = /^INSERT INTO (\w+)/.exec(sql)?.[1]
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (table) await gate.onInsert(table, 'before')
    const answer = await send(target, request, Buffer.concat(chunks))
    if (table) {
      inserts.set(table, (inserts.get(table) ?? 0) + 1)
      await gate.onInsert(table, 'after')
    }
    response.writeHead(answer.status, answer.headers).end(answer.body)
  }
  await gate.open()
  return gate
}

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
}

function send(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  const { 'transfer-encoding': _chunked, ...rest } = headers
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...rest, 'content-length': String(body.length) }, agent: false as const }
    const outgoing = forward(new URL(url ?? '/', target), options, (incoming) => resolve(readAnswer(incoming)))
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

async function readAnswer(incoming: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const { 'transfer-encoding': _encoding, ...headers } = incoming.headers
  return { status: incoming.statusCode ?? 500, headers, body: Buffer.concat(chunks) }
}
