import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@nines/kernel'
import { loadChdb } from './chdb-native.ts'
import { describeException } from './clickhouse-exception.ts'
import { FailedWrites } from './failed-writes.ts'
import { QueryHandler } from './query-handler.ts'
import { Spool } from './spool.ts'

/**
 * Entry of the process that holds chDB and speaks ClickHouse's HTTP protocol on loopback, as far as
 * @clickhouse/client uses it. No users and no passwords: whoever can reach the port may do everything.
 *
 *   node clickhouse-server.ts <data directory> <port>
 */
const SHUTDOWN_DEADLINE_MS = 30_000
const [, , dataArgument = '', portArgument = ''] = process.argv
const dataDir = path.resolve(dataArgument)
const logger = createLogger('clickhouse')

const native = loadChdb()
/** The engine lives while a connection is open; opening it fails when another process holds the directory. */
const anchor = native.CreateConnection(dataDir)
const version = native.QueryWithConnection(anchor, 'SELECT version()', 'TSV').trim()
const writes = new FailedWrites(native, anchor, endAtOnce)
await writes.look()
writes.watch()
const spool = new Spool(dataDir)
const handler = new QueryHandler({ native, dataDir, spool, writes })
let isStopping = false

const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
  void answer(request, response)
})
server.listen(Number(portArgument), '127.0.0.1', () => {
  logger.info({ version, dataDir, port: Number(portArgument) }, 'ClickHouse is up')
  process.send?.('ready')
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname === '/ping' || (request.method === 'GET' && !url.searchParams.has('query'))) {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('Ok.\n')
    return
  }
  response.setHeader('X-ClickHouse-Server-Display-Name', 'chdb')
  response.setHeader('X-ClickHouse-Timezone', 'UTC')
  try {
    await handler.handle(request, response, url)
  } catch (error) {
    answerException(request, response, error)
  }
}

function answerException(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { status, code, message } = describeException(error)
  request.resume()
  response.removeHeader('content-encoding')
  response.writeHead(status, { 'X-ClickHouse-Exception-Code': code, 'content-type': 'text/plain; charset=UTF-8' })
  response.end(`${message} (version ${version})\n`)
}

/** No orderly shutdown: it would only write more. */
function endAtOnce(): never {
  logger.fatal('a write to the disk failed (is it full?): ClickHouse ends, and finds what was cut short as it starts')
  process.kill(process.pid, 'SIGKILL')
  for (;;);
}

async function stop(reason: string): Promise<void> {
  if (isStopping) return
  isStopping = true
  logger.info({ reason }, 'ClickHouse stops')
  server.close()
  server.closeIdleConnections()
  const deadline = Date.now() + SHUTDOWN_DEADLINE_MS
  while (handler.inFlight > 0 && Date.now() < deadline) await sleep(20)
  await writes.stop()
  native.CloseConnection(anchor)
  spool.clear()
  process.exit(0)
}

process.on('SIGTERM', () => void stop('SIGTERM'))
process.on('SIGINT', () => void stop('SIGINT'))
process.on('disconnect', () => void stop('the launcher is gone'))
