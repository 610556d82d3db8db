import { NinesError } from '@nines/kernel'
import type { NinesTarget } from '../targets/nines.ts'
import type { QueryClient } from './query-client.ts'

/** Asks ours. The one file that knows how our queries are asked. */
export function ninesClient(_target: NinesTarget): QueryClient {
  throw new NinesError('unavailable', 'Nines has no query of rates and increases yet')
}
