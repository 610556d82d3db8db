import { SegmentedControl } from '@mantine/core'

const STATES = ['open', 'resolved', 'all'] as const
export type StateFilterValue = (typeof STATES)[number]
const LABELS = { open: 'Open', resolved: 'Resolved', all: 'All' }

/** Open, resolved or all; the value stands in the URL. */
export function StateFilter({
  value,
  onChange,
}: {
  value: StateFilterValue
  onChange: (value: StateFilterValue) => void
}) {
  return (
    <SegmentedControl
      aria-label="State"
      value={value}
      onChange={(next) => onChange(STATES.find((state) => state === next) ?? 'open')}
      data={STATES.map((state) => ({ value: state, label: LABELS[state] }))}
    />
  )
}
