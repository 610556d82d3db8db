import type { ReactNode } from 'react'

interface PanelProps {
  title?: ReactNode
  actions?: ReactNode
  note?: ReactNode
  /** No padding: for tables and lists that run to the border. */
  flush?: boolean
  className?: string
  children: ReactNode
}

/** A bordered region of a page. */
export function Panel({ title, actions, note, flush = false, className = '', children }: PanelProps) {
  return (
    <section className={`panel ${className}`}>
      {(title !== undefined || actions !== undefined) && (
        <div className="panel-head">
          <h2>{title}</h2>
          {actions}
        </div>
      )}
      <div className={flush ? 'panel-body flush' : 'panel-body'}>{children}</div>
      {note !== undefined && <div className="panel-note">{note}</div>}
    </section>
  )
}

/** One number with its name; rows of them open a page. */
export function Figure({
  label,
  value,
  note,
  tone,
  onExplain,
}: {
  label: string
  value: ReactNode
  note?: ReactNode
  tone?: 'bad' | 'warn' | 'good'
  /** Where there is one, the figure is a button that says how it came about. */
  onExplain?: () => void
}) {
  const content = (
    <>
      <span className="meta">{label}</span>
      <span className={`figure-value ${tone === undefined ? '' : `is-${tone}`}`}>{value}</span>
      {note !== undefined && <span className="meta">{note}</span>}
    </>
  )
  if (onExplain === undefined) return <div className="figure">{content}</div>
  return (
    <button type="button" className="figure explained" title="Why this number?" onClick={onExplain}>
      {content}
    </button>
  )
}
