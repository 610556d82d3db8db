import { IconAlertTriangleFilled, IconChevronRight } from '@tabler/icons-react'
import { formatCount } from '../../model/format-number.ts'
import { formatSpan } from '../../model/format-span.ts'
import type { WaterfallRow } from '../../model/waterfall.ts'

interface WaterfallSpanProps {
  id: string
  row: WaterfallRow
  top: number
  traceMs: number
  colour: string | undefined
  isClosed: boolean
  isSelected: boolean
  isFocusable: boolean
  onFocus: () => void
  onToggle: () => void
  onSelect: () => void
}

/** One line of the waterfall: what, by whom, when, how long; errors and the critical path marked. */
export function WaterfallSpan(props: WaterfallSpanProps) {
  const { row, traceMs, colour, isClosed } = props
  const { span } = row
  const failed = span.status === 'error'
  const share = (ms: number) => (traceMs === 0 ? 0 : (ms / traceMs) * 100)
  const left = Math.max(0, share(row.startMs))
  const width = share(row.durationMs)
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the tree takes the keys of all its rows
    <div
      id={props.id}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-expanded={row.children === 0 ? undefined : !isClosed}
      aria-selected={props.isSelected}
      aria-label={`${span.service} ${span.name}, ${formatSpan(row.durationMs)}${failed ? ', failed' : ''}`}
      tabIndex={props.isFocusable ? 0 : -1}
      className={`waterfall-row ${props.isSelected ? 'selected' : ''} ${failed ? 'failed' : ''}`}
      style={{ top: props.top }}
      onFocus={props.onFocus}
      onClick={props.onSelect}
    >
      <div className="waterfall-name" style={{ paddingLeft: 6 + Math.min(row.depth, 12) * 14 }}>
        {row.children > 0 ? (
          <button
            type="button"
            tabIndex={-1}
            className="waterfall-caret"
            aria-label={isClosed ? `Open ${span.name}` : `Close ${span.name}`}
            onClick={(event) => {
              event.stopPropagation()
              props.onToggle()
            }}
          >
            <IconChevronRight size={13} style={isClosed ? undefined : { transform: 'rotate(90deg)' }} />
          </button>
        ) : (
          <span className="waterfall-caret" />
        )}
        <i className="service-dot" style={{ background: colour }} aria-hidden />
        <span className="waterfall-text">
          {span.name} <span className="waterfall-service">{span.service}</span>
        </span>
        {isClosed && <span className="muted num">+{formatCount(row.descendants)}</span>}
        {failed && <IconAlertTriangleFilled size={13} className="is-bad" aria-hidden />}
        {isClosed && !failed && row.errorsBelow > 0 && (
          <IconAlertTriangleFilled size={13} className="is-warn" aria-hidden />
        )}
      </div>
      <div className="waterfall-track" aria-hidden>
        <span
          className="waterfall-bar"
          style={{ left: `${left}%`, width: `max(2px, ${width}%)`, background: colour }}
        />
        {row.critical.map(([from, to]) => (
          <span
            key={from}
            className="waterfall-critical"
            style={{ left: `${share(from)}%`, width: `max(1px, ${share(to - from)}%)` }}
          />
        ))}
      </div>
      <span className="waterfall-duration num" aria-hidden>
        {formatSpan(row.durationMs)}
      </span>
    </div>
  )
}
