import type { TimelineEntry, TimelineKind } from '@nines/contracts'
import {
  IconAlertOctagon,
  IconBell,
  IconCheck,
  IconClock,
  IconFirstAidKit,
  IconFlag,
  IconFlame,
  IconHandStop,
  IconNote,
  IconRocket,
  IconScale,
  IconSend,
  IconStairsUp,
  IconTrendingDown,
  IconX,
  type Icon,
} from '@tabler/icons-react'
import { formatDuration } from '../model/format-duration.ts'
import { Instant } from './instant.tsx'

const KINDS: Record<TimelineKind, { icon: Icon; label: string; tone?: 'bad' | 'warn' | 'good' }> = {
  impact_started: { icon: IconTrendingDown, label: 'Impact began', tone: 'bad' },
  alert_pending: { icon: IconClock, label: 'Alert pending' },
  alert_fired: { icon: IconFlame, label: 'Alert fired', tone: 'bad' },
  alert_acknowledged: { icon: IconHandStop, label: 'Acknowledged', tone: 'warn' },
  alert_resolved: { icon: IconCheck, label: 'Alert resolved', tone: 'good' },
  incident_opened: { icon: IconAlertOctagon, label: 'Incident opened', tone: 'bad' },
  incident_state: { icon: IconFlag, label: 'Incident changed' },
  page_created: { icon: IconBell, label: 'Paged' },
  delivery_succeeded: { icon: IconSend, label: 'Delivered' },
  delivery_failed: { icon: IconX, label: 'Delivery failed', tone: 'bad' },
  escalated: { icon: IconStairsUp, label: 'Escalated', tone: 'warn' },
  note: { icon: IconNote, label: 'Note' },
  budget_crossed: { icon: IconScale, label: 'Error budget', tone: 'warn' },
  change: { icon: IconRocket, label: 'Change', tone: 'warn' },
  mitigation: { icon: IconFirstAidKit, label: 'Mitigation', tone: 'good' },
}

/** Recorded this much later than it happened: shown, because memory of it may be coloured. */
const LATE_MS = 5 * 60_000

/** What happened in order of time, with the distance from the first entry. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const sorted = [...entries].sort((a, b) => a.at - b.at || a.recordedAt - b.recordedAt)
  const start = sorted[0]?.at
  if (start === undefined) return <p style={{ padding: 14 }}>Nothing is recorded yet.</p>
  return (
    <ol className="timeline" aria-label="Timeline">
      {sorted.map((entry) => (
        <Entry key={entry.id} entry={entry} start={start} />
      ))}
    </ol>
  )
}

/** Seconds after the first entry. */
function gapOf(since: number): string {
  if (since === 0) return 'start'
  return since < 1 ? '+0 s' : `+${formatDuration(since)}`
}

function Entry({ entry, start }: { entry: TimelineEntry; start: number }) {
  const { icon: Symbol, label, tone = '' } = KINDS[entry.kind]
  const since = (entry.at - start) / 1000
  return (
    <li>
      <span className={`timeline-icon ${tone}`} title={label}>
        <Symbol size={13} stroke={2} aria-hidden />
      </span>
      <div className="timeline-text">
        <span className="meta">{label}</span>
        {entry.actorName !== null && <span className="meta"> · {entry.actorName}</span>}
        {entry.recordedAt - entry.at > LATE_MS && (
          <span className="meta">
            {' '}
            · recorded <Instant at={entry.recordedAt} format="clock" />
          </span>
        )}
        <div style={{ whiteSpace: 'pre-wrap' }}>{entry.summary}</div>
      </div>
      <span className="meta timeline-time">
        <Instant at={entry.at} format="clock" />
        <br /> <span className="timeline-gap num">{gapOf(since)}</span>
      </span>
    </li>
  )
}
