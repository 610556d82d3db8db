import { NinesError } from '@nines/kernel'

/** The refusal of a body beyond the limit. */
export function tooLarge(maxBytes: number, when = ''): NinesError {
  return new NinesError('too_large', `the body is larger than ${maxBytes} bytes${when}; send smaller batches`)
}
