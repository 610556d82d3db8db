import { getSloBackfill, type SloBackfill, type SloDetail } from '@nines/contracts'
import { Progress } from '@mantine/core'
import { formatCount } from '../model/format-number.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { Panel } from './panel.tsx'

/** While the history of a new SLO or version is being computed: how far it is, or why not. Nothing once it is done. */
export function BackfillNotice({ slo }: { slo: SloDetail }) {
  const { data } = useApiQuery(getSloBackfill, { params: { id: slo.id } }, { keepPrevious: true })
  if (data === undefined || data.state === 'done') return null
  const share = data.minutesAll === 0 ? 0 : data.minutesDone / data.minutesAll
  return (
    <div style={{ marginBottom: 16 }}>
      <Panel title={titleOf(data)}>
        <output>{wordsOf(data)}</output>
        <Progress
          mt={10}
          value={share * 100}
          color={data.state === 'retrying' ? 'var(--warn)' : 'var(--accent)'}
          animated={data.state === 'running'}
          aria-label="Minutes of the history that are computed"
        />
      </Panel>
    </div>
  )
}

function titleOf({ state, version }: SloBackfill): string {
  return state === 'retrying'
    ? `History of version ${version}: tried again in seconds`
    : `History of version ${version} is being computed`
}

function wordsOf({ state, minutesDone, minutesAll, error }: SloBackfill): string {
  if (state === 'waiting') return 'It begins within seconds. Until it is done, nothing of this SLO is evaluated.'
  const done = `${formatCount(minutesDone)} of ${formatCount(minutesAll)} minutes are done.`
  return state === 'retrying'
    ? `${done} The last attempt failed: ${error ?? 'the reason is in the log'}. It goes on where it was.`
    : `${done} Alerts and figures begin once all are.`
}
