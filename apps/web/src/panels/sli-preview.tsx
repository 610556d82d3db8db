import { previewSli } from '@nines/contracts'
import { useDebouncedValue } from '@mantine/hooks'
import { formatCount } from '../model/format-number.ts'
import { formatRatio, formatTarget } from '../model/format-ratio.ts'
import { isPreviewable, valuesToSli, type SliValues } from '../model/sli-form.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { useClock } from '../queries/use-clock.tsx'
import { EventsChart } from './charts/lazy-charts.ts'
import { ChartPanel } from './chart-panel.tsx'
import { Panel } from './panel.tsx'
import { ListSkeleton, QueryView } from './query-view.tsx'

/** What the SLI would have measured in the last hour, while it is still being written. */
export function SliPreview({ sli, target }: { sli: SliValues; target: number }) {
  const clock = useClock()
  const [settled] = useDebouncedValue(sli, 500)
  const ready = isPreviewable(settled)
  const preview = useApiQuery(
    previewSli,
    { body: { sli: ready ? valuesToSli(settled) : null } },
    { enabled: ready, keepPrevious: true },
  )
  if (!ready) {
    return (
      <Panel title="Last hour">
        <p className="muted">Choose what to measure; the last hour of it appears here before anything is saved.</p>
      </Panel>
    )
  }
  return (
    <QueryView query={preview} name="The preview" skeleton={<ListSkeleton rows={1} height={240} />}>
      {({ minutes, series, notes }) => {
        const good = minutes.reduce((sum, minute) => sum + minute.good, 0)
        const total = minutes.reduce((sum, minute) => sum + minute.total, 0)
        if (total === 0) {
          return (
            <Panel title="Last hour">
              <p>{nothingOf(settled, series)}</p>
            </Panel>
          )
        }
        const ratio = good / total
        return (
          <ChartPanel
            title="Last hour"
            gist={`${formatRatio(ratio)} good.`}
            notes={notes}
            series={[
              { name: 'good', colour: 'var(--chart-1)', block: true },
              { name: 'bad', colour: 'var(--bad)', block: true },
            ]}
            actions={
              <span className="num">
                <strong className={ratio < target ? 'is-bad' : ''}>{formatRatio(ratio)}</strong>{' '}
                <span className="muted">
                  {ratio < target ? 'below' : 'meets'} {formatTarget(target)} · {sizeOf(settled, total, series)}
                </span>
              </span>
            }
          >
            <EventsChart
              zone={clock.zone}
              minutes={minutes.map((minute) => ({ at: minute.at, good: minute.good, bad: minute.total - minute.good }))}
            />
          </ChartPanel>
        )
      }}
    </QueryView>
  )
}

function nothingOf({ kind, counting }: SliValues, series: number): string {
  if (counting !== 'events') return 'No slice of time that ended in the last hour has events. Check what is measured.'
  if (kind === 'spans') return 'No span matched in the last hour. Check the service, the operation and the kinds.'
  if (kind === 'logs') return 'No log record matched in the last hour. Check the service and the conditions.'
  if (series === 0) return 'No series matches. Check the metric name and the conditions.'
  return `${series} series match, but no event arrived in the last hour.`
}

function sizeOf({ kind, counting }: SliValues, total: number, series: number): string {
  const counted =
    counting === 'events' ? `${formatCount(total)} events` : `${formatCount(total)} ${total === 1 ? 'slice' : 'slices'}`
  return kind === 'spans' || kind === 'logs' ? counted : `${counted} · ${series} series`
}
