import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useState, type KeyboardEvent } from 'react'
import { axisTicks } from '../../model/axis-ticks.ts'
import { formatTick } from '../../model/format-span.ts'
import { ancestorIds, visibleRows, type Waterfall, type WaterfallRow } from '../../model/waterfall.ts'
import { useWindowedRows } from './use-windowed-rows.ts'
import { WaterfallSpan } from './waterfall-span.tsx'

interface WaterfallViewProps {
  trace: Waterfall
  colours: ReadonlyMap<string, string>
  selected: string | undefined
  onSelect: (spanId: string | undefined) => void
}

const ROW_HEIGHT = 30
/** With more spans than this, a trace opens with its deeper levels closed. */
const MANY_SPANS = 400
const OPEN_DEPTH = 2

/**
 * Spans as a tree beside their times. Up and down go from span to span, left and right close and open, Enter shows all of
 * a span.
 */
export function WaterfallView({ trace, colours, selected, onSelect }: WaterfallViewProps) {
  const [collapsed, setCollapsed] = useState(() => closedAtFirst(trace, selected))
  const rows = visibleRows(trace.rows, collapsed)
  const selectedRow = rows.findIndex(({ span }) => span.spanId === selected)
  const [focused, setFocused] = useState(Math.max(0, selectedRow))
  const current = Math.min(focused, rows.length - 1)
  const view = useWindowedRows(rows.length, ROW_HEIGHT)
  const { reveal } = view
  const toggle = (row: WaterfallRow, close: boolean) => {
    const next = new Set(collapsed)
    if (close) next.add(row.span.spanId)
    else next.delete(row.span.spanId)
    setCollapsed(next)
  }
  const go = (index: number) => {
    const bounded = Math.max(0, Math.min(rows.length - 1, index))
    setFocused(bounded)
    reveal(bounded)
    requestAnimationFrame(() => document.getElementById(rowId(rows[bounded]))?.focus({ preventScroll: true }))
  }
  useEffect(() => {
    if (selectedRow >= 0) reveal(selectedRow)
    // Only the span that the address named when the page opened is scrolled to.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[current]
    if (row === undefined) return
    const isClosed = collapsed.has(row.span.spanId)
    const actions: Record<string, () => void> = {
      ArrowDown: () => go(current + 1),
      ArrowUp: () => go(current - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ArrowRight: () => (isClosed ? toggle(row, false) : go(row.children > 0 ? current + 1 : current)),
      ArrowLeft: () => (row.children > 0 && !isClosed ? toggle(row, true) : go(parentIndex(rows, current))),
      Enter: () => onSelect(row.span.spanId),
      ' ': () => onSelect(row.span.spanId),
      Escape: () => onSelect(undefined),
    }
    const action = actions[event.key]
    if (action === undefined) return
    event.preventDefault()
    action()
  }
  return (
    <div className="waterfall">
      <Ruler durationMs={trace.durationMs} onOpenAll={() => setCollapsed(new Set())} closed={collapsed.size} />
      <div className="waterfall-rows" ref={view.ref} role="tree" aria-label="Spans" tabIndex={-1} onKeyDown={onKeyDown}>
        <div style={{ height: rows.length * ROW_HEIGHT, position: 'relative' }}>
          {rows.slice(view.first, view.end).map((row, i) => {
            const index = view.first + i
            return (
              <WaterfallSpan
                key={row.span.spanId}
                id={rowId(row)}
                row={row}
                top={index * ROW_HEIGHT}
                traceMs={trace.durationMs}
                colour={colours.get(row.span.service)}
                isClosed={collapsed.has(row.span.spanId)}
                isSelected={row.span.spanId === selected}
                isFocusable={index === current}
                onFocus={() => setFocused(index)}
                onToggle={() => toggle(row, !collapsed.has(row.span.spanId))}
                onSelect={() => {
                  setFocused(index)
                  onSelect(row.span.spanId === selected ? undefined : row.span.spanId)
                }}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

function Ruler(props: { durationMs: number; closed: number; onOpenAll: () => void }) {
  const { durationMs } = props
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const last = durationMs * (narrow ? 0.7 : 0.93)
  const ticks = axisTicks(0, durationMs, narrow ? 2 : 4).filter((tick) => tick <= last)
  return (
    <div className="waterfall-head meta">
      <span>
        Span
        {props.closed > 0 && (
          <Button variant="subtle" color="ink" size="compact-xs" ml={8} onClick={props.onOpenAll}>
            Open all
          </Button>
        )}
      </span>
      <span className="waterfall-ruler" aria-hidden>
        {ticks.map((tick) => (
          <span key={tick} className="num" style={{ left: `${(tick / durationMs) * 100}%` }}>
            {formatTick(tick)}
          </span>
        ))}
      </span>
      <span className="waterfall-duration">Duration</span>
    </div>
  )
}

function rowId(row: WaterfallRow | undefined): string {
  return `span-${row?.span.spanId ?? ''}`
}

function parentIndex(rows: readonly WaterfallRow[], index: number): number {
  const depth = rows[index]?.depth ?? 0
  for (let i = index - 1; i >= 0; i--) if ((rows[i]?.depth ?? 0) < depth) return i
  return index
}

function closedAtFirst(trace: Waterfall, selected: string | undefined): ReadonlySet<string> {
  if (trace.rows.length <= MANY_SPANS) return new Set()
  const open = new Set(selected === undefined ? [] : ancestorIds(trace.rows, selected))
  return new Set(
    trace.rows
      .filter(({ depth, children, span }) => depth >= OPEN_DEPTH && children > 0 && !open.has(span.spanId))
      .map(({ span }) => span.spanId),
  )
}
