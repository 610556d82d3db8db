import { Skeleton } from '@mantine/core'
import { Suspense, type ReactNode } from 'react'
import { Panel } from './panel.tsx'

interface Series {
  name: string
  colour: string
  block?: boolean
}

/** A panel around a lazily loaded chart, with its legend and, for those who cannot see it, its gist in words. */
export function ChartPanel(props: {
  title: string
  series: Series[]
  gist: string
  actions?: ReactNode
  /** What a person should know of how it came about. */
  notes?: readonly string[]
  children: ReactNode
}) {
  const legend = (
    <div className="legend">
      {props.series.map((series) => (
        <span key={series.name}>
          <i className={series.block === true ? 'block' : ''} style={{ background: series.colour }} />
          {series.name}
        </span>
      ))}
    </div>
  )
  return (
    <Panel title={props.title} flush actions={props.actions ?? legend}>
      <figure className="chart-box" aria-label={`${props.title}. ${props.gist}`} style={{ margin: 0 }}>
        <Suspense fallback={<Skeleton height={212} ml={14} mb={8} width="auto" />}>{props.children}</Suspense>
      </figure>
      {props.actions !== undefined && <div style={{ padding: '0 14px 12px' }}>{legend}</div>}
      {props.notes?.map((note) => (
        <p key={note} className="hint" style={{ margin: 0, padding: '0 14px 12px' }}>
          {note}
        </p>
      ))}
    </Panel>
  )
}
