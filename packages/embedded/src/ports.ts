import { createServer } from 'node:net'
import { NinesError } from '@nines/kernel'

/** Whether a loopback port can be bound right now. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** A free loopback port: the preferred one when nobody has it, otherwise one the system picks. */
export async function freePort(preferred = 0): Promise<number> {
  if (preferred !== 0 && (await isPortFree(preferred))) return preferred
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

/** Refuses with what to do when somebody else listens on the port a store was told to use. */
export async function requireFreePort(port: number, name: string): Promise<void> {
  if (await isPortFree(port)) return
  throw new NinesError(
    'unavailable',
    `port ${port}, meant for ${name}, is taken by another program. Stop that program or choose another port.`,
  )
}
