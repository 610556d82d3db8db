import { Button, Popover } from '@mantine/core'
import { IconCalendarTime, IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { formatBare, fromInputValue, toInputValue, zoneLabel } from '../model/format-time.ts'
import { fixedSpan, lookBack, spanOf, spanToSearch, type LookBack, type SpanSearch } from '../model/span-search.ts'
import { useClock, useMountTime } from '../queries/use-clock.tsx'

const LABELS: Record<LookBack, string> = {
  '15m': 'Last 15 min',
  '1h': 'Last 1 h',
  '6h': 'Last 6 h',
  '24h': 'Last 24 h',
  '7d': 'Last 7 d',
  '30d': 'Last 30 d',
}

interface SpanPickerProps {
  value: SpanSearch
  fallback: LookBack
  onChange: (span: SpanSearch) => void
}

/** How far back, or from when to when. */
export function SpanPicker({ value, fallback, onChange }: SpanPickerProps) {
  const [opened, setOpened] = useState(false)
  const { zone } = useClock()
  const fixed = fixedSpan(value)
  const range = value.range ?? fallback
  const choose = (span: SpanSearch) => {
    setOpened(false)
    onChange(span)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconCalendarTime size={14} />}
          aria-haspopup="dialog"
          onClick={() => setOpened(!opened)}
        >
          <span className="num">{fixed === null ? LABELS[range] : spanText(fixed, zone)}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <fieldset className="span-choices" aria-label="Time range">
          {lookBack.options.map((option) => (
            <Button
              key={option}
              variant="subtle"
              color="ink"
              justify="space-between"
              rightSection={fixed === null && option === range ? <IconCheck size={14} aria-label="chosen" /> : null}
              onClick={() => choose({ range: option, from: undefined, to: undefined })}
            >
              {LABELS[option]}
            </Button>
          ))}
        </fieldset>
        <FixedSpan value={value} fallback={fallback} onChange={choose} />
      </Popover.Dropdown>
    </Popover>
  )
}

function FixedSpan({ value, fallback, onChange }: SpanPickerProps) {
  const { zone } = useClock()
  const now = useMountTime()
  const span = spanOf(value, now, fallback)
  const [from, setFrom] = useState(() => toInputValue(span.from, zone))
  const [to, setTo] = useState(() => toInputValue(span.to + 59_999, zone))
  const start = fromInputValue(from, zone)
  const end = fromInputValue(to, zone)
  const isValid = start !== null && end !== null && start < end
  return (
    <form
      className="span-fixed"
      onSubmit={(event) => {
        event.preventDefault()
        if (isValid) onChange(spanToSearch({ from: start, to: end }))
      }}
    >
      <label>
        <span className="meta">From ({zoneLabel(now, zone)})</span>
        <input type="datetime-local" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
      </label>
      <label>
        <span className="meta">To</span>
        <input type="datetime-local" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </label>
      {!isValid && <p className="hint is-bad">The end must be later than the beginning.</p>}
      <Button type="submit" disabled={!isValid}>
        Show
      </Button>
    </form>
  )
}

function spanText({ from, to }: { from: number; to: number }, zone: string): string {
  const clock = to - from < 600_000 ? 8 : 5
  const sameDay = formatBare(from, zone, 'date') === formatBare(to, zone, 'date')
  const end = formatBare(to, zone, 'clock').slice(0, clock)
  const start = `${formatBare(from, zone, 'date')}, ${formatBare(from, zone, 'clock').slice(0, clock)}`
  return `${start} – ${sameDay ? end : `${formatBare(to, zone, 'date')}, ${end}`} ${zoneLabel(to, zone)}`
}
