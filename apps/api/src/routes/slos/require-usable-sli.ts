import { isComposite, measuredOf, type SliSpec } from '@nines/contracts'
import { messageOf, NinesError } from '@nines/kernel'
import { seriesProblem } from '@nines/slo'
import { findSeries } from '@nines/telemetry'
import type { ApiContext } from '../../context.ts'
import { selectorsOfSli } from '../metrics/require-valid-matchers.ts'
import { requireValidSli } from '../metrics/require-valid-sli.ts'

/**
 * Refuses an SLI over series that hold no events (a gauge, a sum that may fall, the wrong kind), naming the selector. A
 * selector that matches nothing yet is fine: an SLO may be written before its service first reports.
 */
export async function requireUsableSli(
  { telemetry, logger }: ApiContext,
  workspace: number,
  sli: SliSpec,
): Promise<void> {
  if (isComposite(sli)) return
  requireValidSli(sli, 'body/sli')
  const measured = measuredOf(sli)
  const selectors = selectorsOfSli(sli, 'body/sli')
  const issues: { path: string; message: string }[] = []
  for (const { path, selector } of selectors) {
    try {
      const series = await findSeries(telemetry, workspace, selector)
      const problems = series.map((definition) => seriesProblem(measured, definition))
      const problem = problems.find((found) => found !== null)
      // One usable series is enough; the others are left out of the SLI.
      if (problem && !problems.includes(null)) issues.push({ path: `${path}/metric`, message: problem })
    } catch (error) {
      if (!(error instanceof NinesError)) throw error
      if (error.status < 500) issues.push({ path: `${path}/matchers`, message: error.message })
      else logger.warn({ reason: messageOf(error) }, 'an SLI could not be compared with the stored series')
    }
  }
  if (issues.length === 0) return
  throw new NinesError('invalid', issues.map((issue) => issue.message).join('; '), { issues })
}
