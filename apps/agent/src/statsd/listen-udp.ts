import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Logger } from '@nines/kernel'

/** Room for bursts while the process is busy; the kernel grants as much of it as it allows. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024

export interface Listener {
  readonly port: number
  stop(): Promise<void>
}

/** Hands over each datagram. Rejects when the address cannot be bound. */
export async function listenUdp(
  { host, port }: { host: string; port: number },
  onDatagram: (bytes: Buffer) => void,
  logger: Logger,
): Promise<Listener> {
  const type = host.includes(':') ? 'udp6' : 'udp4'
  const socket = createSocket({ type, recvBufferSize: RECEIVE_BUFFER_BYTES })
  socket.bind(port, host)
  await once(socket, 'listening')
  socket.on('error', (error) => logger.error({ err: error }, 'the UDP socket of StatsD failed'))
  socket.on('message', onDatagram)
  return {
    port: socket.address().port,
    stop: () => new Promise<void>((done) => socket.close(() => done())),
  }
}
