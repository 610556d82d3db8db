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
}: {
  label: string
  value: ReactNode
  note?: ReactNode
  tone?: 'bad' | 'warn' | 'good'
}) {
  return (
    <div className="figure">
      <div className="meta">{label}</div>
      <div className={`figure-value ${tone === undefined ? '' : `is-${tone}`}`}>{value}</div>
      {note !== undefined && <div className="meta">{note}</div>}
    </div>
  )
}
