import type {
  AlertState,
  DataState,
  IncidentSeverity,
  IncidentState,
  ReportResult,
  ReviewState,
  Severity,
} from '@nines/contracts'
import {
  IconAlertOctagonFilled,
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconCircleCheck,
  IconCircleDashed,
  IconClock,
  IconEye,
  IconHandStop,
  IconInfoCircle,
  IconLoader,
  IconMinus,
  IconPencil,
  IconShieldCheck,
  IconX,
  type Icon,
} from '@tabler/icons-react'

interface Look {
  icon: Icon
  label: string
  tone: 'good' | 'bad' | 'warn' | 'solid' | 'idle' | 'unmeasured'
}

const LOOKS = {
  data: {
    good: { icon: IconCircleCheck, label: 'Good', tone: 'good' },
    bad: { icon: IconAlertTriangle, label: 'Bad', tone: 'bad' },
    idle: { icon: IconMinus, label: 'Idle', tone: 'idle' },
    unmeasured: { icon: IconCircleDashed, label: 'Unmeasured', tone: 'unmeasured' },
  } satisfies Record<DataState, Look>,
  alert: {
    pending: { icon: IconClock, label: 'Pending', tone: 'idle' },
    firing: { icon: IconAlertOctagonFilled, label: 'Firing', tone: 'solid' },
    acknowledged: { icon: IconHandStop, label: 'Acknowledged', tone: 'warn' },
    resolved: { icon: IconCheck, label: 'Resolved', tone: 'good' },
  } satisfies Record<AlertState, Look>,
  severity: {
    critical: { icon: IconAlertOctagonFilled, label: 'Critical', tone: 'bad' },
    warning: { icon: IconAlertTriangle, label: 'Warning', tone: 'warn' },
    info: { icon: IconInfoCircle, label: 'Info', tone: 'idle' },
  } satisfies Record<Severity, Look>,
  incident: {
    open: { icon: IconAlertOctagonFilled, label: 'Open', tone: 'bad' },
    mitigated: { icon: IconShieldCheck, label: 'Mitigated', tone: 'warn' },
    resolved: { icon: IconCheck, label: 'Resolved', tone: 'good' },
  } satisfies Record<IncidentState, Look>,
  incidentSeverity: {
    sev1: { icon: IconAlertOctagonFilled, label: 'SEV 1', tone: 'bad' },
    sev2: { icon: IconAlertTriangle, label: 'SEV 2', tone: 'warn' },
    sev3: { icon: IconInfoCircle, label: 'SEV 3', tone: 'idle' },
    sev4: { icon: IconInfoCircle, label: 'SEV 4', tone: 'idle' },
  } satisfies Record<IncidentSeverity, Look>,
  review: {
    draft: { icon: IconPencil, label: 'Draft', tone: 'idle' },
    in_review: { icon: IconEye, label: 'In review', tone: 'warn' },
    published: { icon: IconCheck, label: 'Published', tone: 'good' },
  } satisfies Record<ReviewState, Look>,
  report: {
    met: { icon: IconCheck, label: 'Met', tone: 'good' },
    missed: { icon: IconX, label: 'Missed', tone: 'bad' },
    undefined: { icon: IconCircleDashed, label: 'Unknown', tone: 'unmeasured' },
  } satisfies Record<ReportResult, Look>,
  delivery: {
    pending: { icon: IconLoader, label: 'Pending', tone: 'idle' },
    delivered: { icon: IconCheck, label: 'Delivered', tone: 'good' },
    failed: { icon: IconX, label: 'Failed', tone: 'bad' },
    cancelled: { icon: IconBan, label: 'Cancelled', tone: 'idle' },
  },
  run: {
    passed: { icon: IconCheck, label: 'Passed', tone: 'good' },
    failed: { icon: IconX, label: 'Failed', tone: 'bad' },
    none: { icon: IconCircleDashed, label: 'No run yet', tone: 'unmeasured' },
    paused: { icon: IconBan, label: 'Paused', tone: 'idle' },
  },
  verdict: {
    true: { icon: IconAlertTriangle, label: 'Over', tone: 'bad' },
    false: { icon: IconCheck, label: 'Under', tone: 'good' },
    holding: { icon: IconClock, label: 'Nearly', tone: 'warn' },
    no_data: { icon: IconCircleDashed, label: 'No data', tone: 'unmeasured' },
    young: { icon: IconClock, label: 'Too young', tone: 'idle' },
  },
} as const satisfies Record<string, Record<string, Look>>

type Looks = typeof LOOKS

/** A state as icon and word; the colour only repeats what they say. `bare` drops the tinted box. */
export function StatusBadge<K extends keyof Looks>(props: { of: K; state: keyof Looks[K] & string; bare?: boolean }) {
  const look = (LOOKS[props.of] as Record<string, Look>)[props.state]
  if (look === undefined) return <span className="badge">{props.state}</span>
  const Symbol = look.icon
  return (
    <span className={`badge ${look.tone} ${props.bare === true ? 'bare' : ''}`}>
      <Symbol size={14} stroke={2} aria-hidden />
      {look.label}
    </span>
  )
}
