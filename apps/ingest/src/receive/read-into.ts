import type { IngestOutcome } from '@nines/wire'
import type { ReadBody, ReadTarget } from './receiver.ts'

/** A reader that drives a normaliser of its own for each body. */
export function readInto<N extends { outcome(): IngestOutcome }>(
  normaliserOf: (target: ReadTarget) => N,
  read: (body: Buffer, normaliser: N) => void,
): ReadBody {
  return (body, target) => {
    const normaliser = normaliserOf(target)
    read(body, normaliser)
    return normaliser.outcome()
  }
}
