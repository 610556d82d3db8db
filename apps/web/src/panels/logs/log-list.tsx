import type { LogRecordDto } from '@nines/contracts'
import { IconChevronRight } from '@tabler/icons-react'
import { useState, type KeyboardEvent } from 'react'
import type { AttributeFilter } from '../../model/attribute-filter.ts'
import { formatBare, zoneLabel } from '../../model/format-time.ts'
import { logKey, logLine } from '../../model/log-text.ts'
import { millisText, nanoTime } from '../../model/nano-time.ts'
import { useClock } from '../../queries/use-clock.tsx'
import { LogDetail } from './log-detail.tsx'
import { SeverityBadge } from './severity-badge.tsx'

interface LogListProps {
  records: readonly LogRecordDto[]
  label: string
  onFilter?: (filter: AttributeFilter) => void
  /** Within a trace a record need not link to it. */
  isInTrace?: boolean
}

/** Records, newest first; a row opens to everything that is known of it. Arrow keys go from row to row. */
export function LogList({ records, label, onFilter, isInTrace = false }: LogListProps) {
  const { zone } = useClock()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const toggle = (key: string) =>
    setOpen((old) => {
      const next = new Set(old)
      if (!next.delete(key)) next.add(key)
      return next
    })
  const seen = new Map<string, number>()
  const first = records[0]
  return (
    <section className="log-list" aria-label={label}>
      <div className="log-head meta" aria-hidden>
        <span>Time{first === undefined ? '' : ` (${zoneLabel(Date.parse(first.at), zone)})`}</span>
        <span>Severity</span>
        <span>Service</span>
        <span>Message</span>
      </div>
      <ol>
        {records.map((record) => {
          const same = logKey(record)
          const repeats = seen.get(same) ?? 0
          seen.set(same, repeats + 1)
          const key = `${same}\n${repeats}`
          const isOpen = open.has(key)
          return (
            <li key={key} className={isOpen ? 'open' : ''}>
              <button
                type="button"
                className="log-row"
                aria-expanded={isOpen}
                onClick={() => toggle(key)}
                onKeyDown={moveBetweenRows}
              >
                <IconChevronRight size={13} className="log-caret" aria-hidden />
                <LogTime at={record.at} zone={zone} />
                <SeverityBadge number={record.severityNumber} text={record.severityText} />
                <span className="log-service">{record.service}</span>
                <span className="log-line mono">{logLine(record)}</span>
              </button>
              {isOpen && <LogDetail record={record} onFilter={onFilter} isInTrace={isInTrace} />}
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function LogTime({ at, zone }: { at: string; zone: string }) {
  const time = nanoTime(at)
  return (
    <time className="num log-time" dateTime={at} title={at}>
      <span className="muted">{formatBare(time.ms, zone, 'date')}</span> {formatBare(time.ms, zone, 'clock')}
      <span className="muted">.{millisText(time)}</span>
    </time>
  )
}

function moveBetweenRows(event: KeyboardEvent<HTMLButtonElement>): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  if (step === undefined) return
  event.preventDefault()
  const item = event.currentTarget.closest('li')
  const next = step === 1 ? item?.nextElementSibling : item?.previousElementSibling
  next?.querySelector<HTMLElement>('.log-row')?.focus()
}
