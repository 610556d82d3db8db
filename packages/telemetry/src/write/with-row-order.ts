import { loadDecoder, RowOrder } from '@nines/wire'

/** Where inserts are large its memory is twice the rows of one, and stays for the next. */
const MOST_KEPT_BYTES = 96 * 1024 * 1024
const MOST_IDLE = 2

const idle: RowOrder[] = []

/** Lends the memory in which rows are ordered, until what `run` answers is there. */
export async function withRowOrder<T>(run: (order: RowOrder) => Promise<T>): Promise<T> {
  const order = idle.pop() ?? new RowOrder(await loadDecoder())
  const result = await run(order)
  // After an error it is left to the collector: a request that was given up may look at it for a while.
  if (order.bytes <= MOST_KEPT_BYTES && idle.length < MOST_IDLE) idle.push(order)
  return result
}
