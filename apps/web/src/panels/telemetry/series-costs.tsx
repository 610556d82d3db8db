import type { SeriesUsage } from '@nines/contracts'
import type { ReactNode } from 'react'
import { formatCount } from '../../model/format-number.ts'
import { Instant } from '../instant.tsx'
import { Panel } from '../panel.tsx'
import { Empty } from '../query-view.tsx'

/** What costs most: metrics with the most series, and labels that make them many. */
export function SeriesCosts({ series }: { series: SeriesUsage }) {
  const share = series.activeSeries / series.maxActiveSeries
  const tone = share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : 'good'
  return (
    <>
      <Panel
        title="Active series"
        actions={
          <span className="meta">
            {series.measuredAt === null ? (
              'not measured yet'
            ) : (
              <>
                measured <Instant at={series.measuredAt} ago />
              </>
            )}
          </span>
        }
      >
        <div className="series-gauge">
          <div className="num">
            <strong className={tone === 'good' ? '' : `is-${tone}`}>
              {series.measuredAt === null ? '–' : formatCount(series.activeSeries)}
            </strong>{' '}
            <span className="muted">of {formatCount(series.maxActiveSeries)} with a sample in the last hour</span>
          </div>
          <div className="budget-track" aria-hidden>
            <div className={`budget-fill ${tone}`} style={{ width: `${Math.min(100, share * 100)}%` }} />
          </div>
        </div>
      </Panel>
      <div className="cost-columns">
        <CostList
          title="Metrics with the most series"
          unit="series"
          items={series.topMetrics.map(({ metric, series: count }) => ({ name: metric, count }))}
        />
        <CostList
          title="Labels with the most values"
          unit="values"
          items={series.topLabels.map(({ label, values }) => ({ name: label, count: values }))}
        />
      </div>
    </>
  )
}

function CostList(props: { title: ReactNode; unit: string; items: { name: string; count: number }[] }) {
  const most = Math.max(1, ...props.items.map(({ count }) => count))
  return (
    <Panel title={props.title} actions={<span className="meta">{props.unit}</span>} flush>
      {props.items.length === 0 ? (
        <Empty title="Nothing counted yet">Ingest tells it a few seconds after the first samples.</Empty>
      ) : (
        <ol className="cost-list">
          {props.items.map(({ name, count }) => (
            <li key={name}>
              <span className="mono wrap-anywhere">{name}</span>
              <span className="num">{formatCount(count)}</span>
              <i style={{ width: `${(count / most) * 100}%` }} aria-hidden />
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}
