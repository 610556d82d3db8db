import { SegmentedControl } from '@mantine/core'
import { timeRange, type TimeRange } from '../model/time-range.ts'

const LABELS: Record<TimeRange, string> = { '1h': '1 h', '6h': '6 h', '24h': '24 h', '7d': '7 d', '30d': '30 d' }

/** How far back charts look. */
export function RangePicker({ value, onChange }: { value: TimeRange; onChange: (range: TimeRange) => void }) {
  return (
    <SegmentedControl
      aria-label="Time range"
      value={value}
      onChange={(range) => onChange(timeRange.parse(range))}
      data={timeRange.options.map((range) => ({ value: range, label: LABELS[range] }))}
    />
  )
}
