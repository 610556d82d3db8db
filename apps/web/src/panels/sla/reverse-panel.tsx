import { availabilityAfter, countNines, parseDowntime, percentText, type SlaBasis } from '@nines/contracts'
import { TextInput } from '@mantine/core'
import { Panel } from '../panel.tsx'

interface ReversePanelProps {
  downtime: string
  basis: SlaBasis | null
  onChange: (downtime: string) => void
}

/** From downtime back to the availability that it leaves. */
export function ReversePanel({ downtime, basis, onChange }: ReversePanelProps) {
  const ms = parseDowntime(downtime)
  return (
    <Panel title="Availability after downtime">
      <TextInput
        label="Downtime"
        value={downtime}
        error={ms === null && 'A time such as 5 min 15.36 s or 1.5 h'}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {ms !== null && basis !== null && (
        <output className="sla-answer" aria-live="polite">
          <span className="sla-figure">{percentText(availabilityAfter(ms, basis.ms))}</span>
          <span>
            in {basis.name}
            <span className="muted"> · {ninesText(countNines(availabilityAfter(ms, basis.ms)))}</span>
          </span>
        </output>
      )}
    </Panel>
  )
}

function ninesText(count: number | null): string {
  if (count === null) return 'nothing but nines'
  return `${count} ${count === 1 ? 'nine' : 'nines'} in full`
}
