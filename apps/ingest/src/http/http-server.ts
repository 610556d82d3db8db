import { createServer } from 'node:http'
import { registerHealth, stoppable } from '@nines/http-server'
import { observeRequests, type Instruments, type RequestMeter } from '@nines/instrument'
import { systemClock, type Logger } from '@nines/kernel'
import type { BlockStream } from '@nines/pipeline'
import { listEnabledChecks, type PrismaClient } from '@nines/records'
import fastify, { type FastifyInstance } from 'fastify'
import type { KeyDirectory } from '../auth/key-directory.ts'
import type { BlockBatcher } from '../batch/block-batcher.ts'
import type { WriteFormat } from '../formats/write-format.ts'
import type { IngestConfig } from '../ingest-config.ts'
import type { IngestMeters } from '../ingest-meters.ts'
import type { Receiver } from '../receive/receiver.ts'
import { registerCheckRuns } from '../routes/check-runs.route.ts'
import { registerProbeAssignments } from '../routes/probe-assignments.route.ts'
import { answerBrokenRequests } from './answer-broken-requests.ts'
import { answerErrors } from './answer-error.ts'
import type { ByteBudget } from './byte-budget.ts'
import { takeRawBodies } from './raw-body.ts'
import { decorateSender } from './sender-route.ts'
import { pathOf, refusalOf, serveWrites } from './serve-writes.ts'

/** A sender that does not finish its request in this time is cut off. */
const REQUEST_TIMEOUT_MS = 60_000
/** Longer than load balancers keep their connections, so that they are the ones who close. */
const KEEP_ALIVE_MS = 75_000

export interface HttpServerParts {
  config: IngestConfig
  logger: Logger
  instruments: Instruments
  prisma: PrismaClient
  stream: BlockStream
  keys: KeyDirectory
  batcher: BlockBatcher
  meters: IngestMeters
  receiver: Receiver
  budget: ByteBudget
  formats: ReadonlyMap<string, WriteFormat>
  measure: RequestMeter
}

/** One server for everything: telemetry on bare node:http, what is asked for seldom through Fastify. */
export function buildHttpServer(parts: HttpServerParts): { server: FastifyInstance; stop: () => Promise<void> } {
  const { config, logger, instruments, prisma, stream, keys, batcher, meters, budget, formats } = parts
  const maxBytes = config.NINES_INGEST_MAX_BODY_BYTES
  const serveWrite = serveWrites({ ...parts, maxBytes })
  const http = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS })
  const server = fastify({
    serverFactory: (serveRest) =>
      http.on('request', (request, response) => {
        if (!serveWrite(request, response)) serveRest(request, response)
      }),
    clientErrorHandler: answerBrokenRequests(http, (error, request) => {
      const format = formats.get(pathOf(request))
      return format && refusalOf(logger, format, error, request)
    }),
    // A request that comes on an open connection while the server stops is still taken; then the connection closes.
    return503OnClosing: false,
  })
  answerErrors(server, logger, [...formats.keys()])
  observeRequests(server, instruments)
  takeRawBodies(server, { maxBytes, budget })
  decorateSender(server)
  registerCheckRuns(server, { keys, batcher, clock: systemClock, meters })
  registerProbeAssignments(server, { keys, listChecks: (workspaceId) => listEnabledChecks(prisma, workspaceId) })
  registerHealth(
    server,
    { redis: () => stream.ping(), postgres: () => prisma.$queryRaw`select 1` },
    // Known keys keep working without PostgreSQL.
    { isReady: ({ redis, postgres }) => redis === 'ok' && (postgres === 'ok' || keys.size > 0) },
  )
  return { server, stop: stoppable(server) }
}
