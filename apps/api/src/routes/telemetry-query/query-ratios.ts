import { queryRatios as route } from '@nines/contracts'
import { queryRatios as query } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'
import { requireValidMatchers } from '../metrics/require-valid-matchers.ts'
import { spanOf } from './instants-of.ts'

export const queryRatios = handle(route, async ({ workspace, body, signal }, { engine }) => {
  requireValidMatchers(
    body.ratios.flatMap(({ numerator, denominator }, i) => [
      { path: `body/ratios/${i}/numerator`, selector: numerator },
      { path: `body/ratios/${i}/denominator`, selector: denominator },
    ]),
  )
  return { items: await query(engine, workspace.number, body.ratios, spanOf(body), { signal }) }
})
