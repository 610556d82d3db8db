import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** One request as it arrived. */
export interface ReceivedRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  /** The raw body: signatures are computed over exactly these bytes. */
  body: string
  /** Epoch milliseconds at which the body was complete. */
  receivedAtMs: number
}

/** How the sink answers one request; without a script it answers 200 at once. */
export interface ScriptedAnswer {
  status?: number
  delayMs?: number
  headers?: Record<string, string>
  body?: string
  /** Close the connection without an answer. */
  hangUp?: boolean
}

type Answerer = (request: ReceivedRequest, index: number) => ScriptedAnswer

export interface WebhookSink {
  readonly url: string
  /** Everything that arrived, in order, whatever the answer was. */
  readonly requests: readonly ReceivedRequest[]
  /** The next answers in order (then 200 again), or a function that decides for each request. */
  answerWith(script: ScriptedAnswer[] | Answerer): void
  /** First request, already here or still to come, for which the predicate holds. Rejects after the time. */
  waitFor(predicate: (request: ReceivedRequest) => boolean, timeoutMs: number): Promise<ReceivedRequest>
  stop(): Promise<void>
}

interface Waiter {
  predicate: (request: ReceivedRequest) => boolean
  resolve: (request: ReceivedRequest) => void
}

/** A real HTTP server on loopback that stands for somebody's webhook receiver. */
export async function startWebhookSink(port = 0): Promise<WebhookSink> {
  const requests: ReceivedRequest[] = []
  const waiters = new Set<Waiter>()
  let answerer: Answerer = () => ({})

  const accept = async (request: IncomingMessage, response: ServerResponse) => {
    const received = await receive(request)
    const answer = answerer(received, requests.push(received) - 1)
    for (const waiter of waiters) {
      if (!waiter.predicate(received)) continue
      waiters.delete(waiter)
      waiter.resolve(received)
    }
    await send(response, answer)
  }
  const server = createServer((request, response) => void accept(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const boundPort = typeof address === 'object' && address ? address.port : port

  return {
    url: `http://127.0.0.1:${boundPort}`,
    requests,
    answerWith(script) {
      const queue = Array.isArray(script) ? [...script] : undefined
      answerer = typeof script === 'function' ? script : () => queue?.shift() ?? {}
    },
    waitFor(predicate, timeoutMs) {
      const seen = requests.find((request) => predicate(request))
      if (seen) return Promise.resolve(seen)
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiters.delete(waiter)
          reject(new Error(`no matching request within ${timeoutMs} ms; ${requests.length} others arrived`))
        }, timeoutMs)
        const waiter: Waiter = {
          predicate,
          resolve: (request) => {
            clearTimeout(timer)
            resolve(request)
          },
        }
        waiters.add(waiter)
      })
    },
    stop() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    receivedAtMs: Date.now(),
  }
}

async function send(response: ServerResponse, answer: ScriptedAnswer): Promise<void> {
  if (answer.delayMs) await sleep(answer.delayMs)
  if (answer.hangUp) response.destroy()
  else response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '')
}
