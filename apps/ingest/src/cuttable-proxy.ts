import { createServer, connect, type Socket } from 'node:net'
import { once } from 'node:events'

/** A TCP way to a real server that a test can cut and mend, as a network does. */
export interface CuttableProxy {
  port: number
  /** Breaks every connection and refuses new ones. */
  cut(): void
  mend(): void
  stop(): Promise<void>
}

export async function startCuttableProxy(targetPort: number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>()
  let open = true
  const server = createServer((incoming) => {
    if (!open) {
      incoming.destroy()
      return
    }
    const outgoing = connect(targetPort, '127.0.0.1')
    const pair = [incoming, outgoing]
    for (const socket of pair) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        for (const other of pair) other.destroy()
      })
    }
    incoming.pipe(outgoing).pipe(incoming)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const cut = () => {
    open = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut,
    mend: () => {
      open = true
    },
    stop: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
