import { allowedBad, percentText, type Decimal } from '@nines/contracts'
import { TextInput } from '@mantine/core'
import { requestsOf } from '../../model/sla-search.ts'
import { Panel } from '../panel.tsx'

interface RequestsPanelProps {
  availability: Decimal | null
  requests: string
  onChange: (requests: string) => void
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** How many of so many requests may fail: the same target said in events instead of time. */
export function RequestsPanel({ availability, requests, onChange }: RequestsPanelProps) {
  const count = requestsOf(requests)
  return (
    <Panel title="Allowed bad requests">
      <TextInput
        label="Requests"
        inputMode="numeric"
        value={requests}
        error={count === null && 'A whole number, such as 1,000,000'}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {count !== null && availability !== null && (
        <output className="sla-answer" aria-live="polite">
          <span className="sla-figure">{whole.format(allowedBad(availability, count))}</span>
          <span>
            of {whole.format(count)} requests at {percentText(availability)}
          </span>
        </output>
      )}
    </Panel>
  )
}
