import { isPortFree } from '@nines/embedded'

/**
 * Below the ports that systems give to connections and to whoever asks for any: between the choice of a port and the start of
 * the process that listens on it are seconds, in which another could be given it.
 */
const FIRST = 12_000
const BLOCKS = 900
const BLOCK = 20

/** So many free ports in a row, 20 at most. Stacks that start at the same time have different pids, and so begin apart. */
export async function freePortBlock(count: number, startAt = process.pid): Promise<number[]> {
  for (let i = 0; i < BLOCKS; i++) {
    const from = FIRST + ((startAt + i) % BLOCKS) * BLOCK
    const ports = Array.from({ length: count }, (_, offset) => from + offset)
    const free = await Promise.all(ports.map((port) => isPortFree(port)))
    if (free.every(Boolean)) return ports
  }
  throw new Error(`no ${count} ports in a row are free from ${FIRST} on`)
}
