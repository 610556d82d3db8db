import type { LedgerCauses, MinuteSeries, Span } from '@nines/slo'
import { joined } from '../composite-causes.ts'
import { spanOfChange, spanOfIncident } from '../slo-causes.ts'
import type { SloOfReport } from './report-one-slo.ts'
import { uniqueBy } from './unique-by.ts'

/**
 * What may have spent the budget of an SLO and of those below it, as causesBelow has it for a ledger: given the minutes of the row and
 * the target of the SLO; the impact of an incident of another one begins by that one's target.
 */
export function causesOfRow(
  one: SloOfReport,
  below: readonly { other: SloOfReport; target: number }[],
  { to }: Span,
): (minutes: Pick<MinuteSeries, 'minutes'>, target: number) => LedgerCauses {
  const all = [...new Set([one, ...below.map(({ other }) => other)])]
  const maintenance = uniqueBy(
    all.flatMap(({ corrections }) => corrections.maintenance),
    ({ id, from }) => `${id} ${from}`,
  )
  const changes = joined(all.map((each) => each.changes.map(spanOfChange)))
  return (minutes, target) => {
    const incidents = [{ other: one, target }, ...below].map(({ other, target: watched }) =>
      other.incidents.map((incident) => spanOfIncident(incident, minutes, watched, to)),
    )
    return { incidents: joined(incidents), maintenance, changes }
  }
}
