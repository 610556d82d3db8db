import { allowedDowntime, downtimeText, ninesOf, percentText, type Decimal, type SlaBasis } from '@nines/contracts'
import { comparedBases } from '../../model/sla-bases.ts'
import { useMountTime } from '../../queries/use-clock.tsx'
import { Panel } from '../panel.tsx'

interface DowntimePanelProps {
  availability: Decimal | null
  basis: SlaBasis | null
  onChoose: (basisId: string) => void
}

/** What an availability allows over the chosen time, and over the others that people mean by the same words. */
export function DowntimePanel({ availability, basis, onChoose }: DowntimePanelProps) {
  const now = useMountTime()
  return (
    <Panel
      title="Allowed downtime"
      note="Months, quarters and years are counted in days of 24 hours. Less than a millisecond is cut, so that the allowance is never exceeded."
    >
      <Answer availability={availability} basis={basis} />
      {availability !== null && (
        <table className="mini-table sla-table" aria-label="Allowed downtime by time">
          <thead>
            <tr>
              <th>Of</th>
              <th className="right">Allowed downtime</th>
            </tr>
          </thead>
          <tbody>
            {comparedBases(basis?.id ?? '', now).map(({ id, name, ms }) => (
              <tr key={id} data-chosen={id === basis?.id || undefined}>
                <th scope="row">
                  <button type="button" className="link-button" onClick={() => onChoose(id)}>
                    {name}
                  </button>
                </th>
                <td className="right num">{downtimeText(allowedDowntime(availability, ms))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

function Answer({ availability, basis }: Omit<DowntimePanelProps, 'onChoose'>) {
  if (availability === null || basis === null)
    return <p className="muted">Enter an availability and the time that it is of.</p>
  const nines = ninesOf(availability)
  return (
    <output className="sla-answer" aria-live="polite">
      <span className="sla-figure">{downtimeText(allowedDowntime(availability, basis.ms))}</span>
      <span>
        of downtime in {basis.name} at {percentText(availability)}
        {nines !== null && <span className="muted"> · {Number(nines.toFixed(2))} nines</span>}
      </span>
    </output>
  )
}
