import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { Logger } from '@nines/kernel'
import { LineFramer } from './line-framer.ts'
import type { Listener } from './listen-udp.ts'

export interface TcpOptions {
  host: string
  port: number
  maxConnections: number
  maxLineBytes: number
  onLine: (line: Buffer) => void
  onTooLong: () => void
  /** A connection over the limit was closed at once. */
  onRefused: () => void
}

/** Hands over each line of each connection. Rejects when the address cannot be bound. */
export async function listenTcp(options: TcpOptions, logger: Logger): Promise<Listener> {
  const open = new Set<Socket>()
  const server = createServer({ keepAlive: true }, (socket) => {
    open.add(socket)
    const framer = new LineFramer(options.maxLineBytes, options.onTooLong)
    socket.on('data', (chunk: Buffer) => framer.push(chunk).forEach(options.onLine))
    // Only an orderly end completes the last line; half of one would be another value.
    socket.on('end', () => framer.end().forEach(options.onLine))
    socket.on('error', (error) => logger.debug({ err: error }, 'a StatsD connection broke off'))
    socket.on('close', () => open.delete(socket))
  })
  server.maxConnections = options.maxConnections
  server.on('drop', options.onRefused)
  server.listen(options.port, options.host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        for (const socket of open) socket.destroy()
      }),
  }
}
