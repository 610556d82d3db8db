import { setTimeout as sleep } from 'node:timers/promises'
import type { BlockStream } from '@nines/pipeline'
import type { Telemetry } from '@nines/telemetry'
import { emptyBlock, type Block } from '@nines/wire'

export interface Totals {
  rows: number
  sum: number
}

/** A block of one workspace whose samples never repeat those of another number. */
export function numberedBlock(number: number, rows: number, workspace = 1): Block {
  const base = Date.now() - 3_600_000
  return {
    ...emptyBlock(workspace, Date.now()),
    series: [
      {
        id: String(number),
        metric: 'm',
        kind: 'sum',
        temporality: 'cumulative',
        monotonic: true,
        unit: '',
        description: '',
        labels: { number: String(number) },
      },
    ],
    samples: {
      series: new BigUint64Array(rows).fill(BigInt(number)),
      at: Float64Array.from({ length: rows }, (_, i) => base + i),
      start: new Float64Array(rows),
      value: Float64Array.from({ length: rows }, (_, i) => number + i),
    },
  }
}

export function totalsOf(blocks: readonly Block[]): Totals {
  const totals = { rows: 0, sum: 0 }
  for (const { samples } of blocks) {
    totals.rows += samples.value.length
    totals.sum += samples.value.reduce((sum, value) => sum + value, 0)
  }
  return totals
}

/** What stands in the table of samples, every copy counted. */
export async function storedTotals(telemetry: Telemetry): Promise<Totals> {
  const [row] = await telemetry.rows<{ rows: string; sum: number | null }>(
    'SELECT count() AS rows, sum(value) AS sum FROM samples',
  )
  return { rows: Number(row?.rows), sum: row?.sum ?? 0 }
}

/** Waits until everything in the stream is stored for good. */
export async function untilStored(stream: BlockStream, timeoutMs = 25_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const [last, position] = [await stream.lastId(0), await stream.storePosition(0)]
    if (last === null || last === position) return
    if (Date.now() > deadline) throw new Error(`not stored within ${timeoutMs} ms: at ${position}, the end is ${last}`)
    await sleep(25)
  }
}
