import { Server, ServerCredentials, type ServiceDefinition, type handleUnaryCall } from '@grpc/grpc-js'
import type { TelemetrySignal } from '@nines/contracts'
import type { RequestMeter } from '@nines/instrument'
import { NinesError, type Logger } from '@nines/kernel'
import { encodeExportResponse } from '@nines/wire'
import type { KeyDirectory, SenderKey } from '../auth/key-directory.ts'
import type { ByteBudget } from '../http/byte-budget.ts'
import type { OtlpReaders } from '../receive/otlp-readers.ts'
import type { Receiver } from '../receive/receiver.ts'
import { admitCalls, type Callers } from './admit-calls.ts'
import { grpcStatus } from './grpc-status.ts'

export interface GrpcServerOptions {
  host: string
  port: number
  keys: KeyDirectory
  receiver: Receiver
  readers: OtlpReaders
  budget: ByteBudget
  /** Most bytes of one message, before and after decompression. */
  maxBytes: number
  measure: RequestMeter
  logger: Logger
}

export interface RunningGrpcServer {
  port: number
  stop(): Promise<void>
}

/** Calls under way when the server stops may take this long before they are cut off. */
const DRAIN_MS = 8_000
/** Calls of one connection at a time: each may hold a whole message. */
const MAX_CONCURRENT_CALLS = 64

/** A message's length comes after it was judged who sends most; until then it is taken for this. */
const UNKNOWN_LENGTH_BYTES = 64 * 1024

const SERVICES: Record<TelemetrySignal, string> = {
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
}
const SIGNALS = Object.keys(SERVICES) as TelemetrySignal[]

/** Starts OTLP over gRPC. Messages pass gRPC as bytes; the readers of OTLP over HTTP read them. */
export async function startGrpcServer(options: GrpcServerOptions): Promise<RunningGrpcServer> {
  const { keys, receiver, host, port, maxBytes } = options
  const callers: Callers = new WeakMap()
  const admit = async (key: SenderKey, path: string) => {
    const signal = SIGNALS.find((known) => SERVICES[known] === path)
    if (!signal) return
    try {
      await receiver.admit(key, signal, UNKNOWN_LENGTH_BYTES)
    } catch (error) {
      receiver.refused(key, signal, error)
      throw error
    }
  }
  const server = new Server({
    'grpc.max_receive_message_length': maxBytes,
    'grpc.max_concurrent_streams': MAX_CONCURRENT_CALLS,
    interceptors: [admitCalls({ keys, callers, admit })],
  })
  for (const signal of SIGNALS)
    server.addService(definitionOf(SERVICES[signal]), { export: exportHandler(options, callers, signal) })
  const bound = await bind(server, `${host.includes(':') ? `[${host}]` : host}:${port}`)
  return { port: bound, stop: () => stop(server) }
}

function exportHandler(
  { receiver, readers, budget, measure, logger }: GrpcServerOptions,
  callers: Callers,
  signal: TelemetrySignal,
): handleUnaryCall<Buffer, Buffer> {
  return (call, respond) => {
    const startedAt = performance.now()
    const key = callers.get(call.metadata)
    const handle = async () => {
      if (!key) throw new NinesError('unauthenticated', 'the call came without metadata')
      const share = budget.open(key.workspaceNumber)
      try {
        const body = { bytes: () => call.request, plainBytes: call.request.length }
        share.take(body.plainBytes)
        return await receiver.receive(key, signal, body, readers[signal].protobuf)
      } finally {
        share.close()
      }
    }
    const answer = async () => {
      let status = 200
      try {
        respond(null, encodeExportResponse('protobuf', await handle(), signal))
      } catch (error) {
        status = error instanceof NinesError ? error.status : 500
        if (status === 500) logger.error({ err: error, signal }, 'call failed')
        if (key) receiver.refused(key, signal, error)
        respond(grpcStatus(error))
      }
      measure(SERVICES[signal], 'POST', status, performance.now() - startedAt)
    }
    void answer()
  }
}

function definitionOf(path: string): ServiceDefinition {
  const asIs = (value: Buffer) => value
  return {
    export: {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
      originalName: 'Export',
    },
  }
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error
        ? reject(new NinesError('unavailable', `cannot listen on ${address} for OTLP/gRPC`, { cause: error }))
        : resolve(port),
    )
  })
}

/** Refuses new calls, lets those under way end, and cuts them off when they take too long. */
function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.forceShutdown(), DRAIN_MS)
    server.tryShutdown(() => {
      clearTimeout(late)
      resolve()
    })
  })
}
