import type { Role } from '@nines/contracts'
import {
  IconActivityHeartbeat,
  IconAlertOctagon,
  IconBellOff,
  IconBroadcast,
  IconCalculator,
  IconCalendarTime,
  IconFileCode,
  IconFileText,
  IconFlame,
  IconGauge,
  IconGitCommit,
  IconKey,
  IconLayoutGrid,
  IconNotes,
  IconReportAnalytics,
  IconScale,
  IconServer,
  IconStairs,
  IconTargetArrow,
  IconTimeline,
  IconUsers,
  type Icon,
} from '@tabler/icons-react'

export interface Destination {
  page: string
  label: string
  icon: Icon
  /** Keys in a row that lead there. */
  keys?: string
  keywords?: string
  /** Shown only to those who may do as much as this role; everybody where it is not given. */
  role?: Role
}

export const WATCH: Destination[] = [
  { page: '/overview', label: 'Overview', icon: IconLayoutGrid, keys: 'g o' },
  { page: '/slos', label: 'SLOs', icon: IconTargetArrow, keys: 'g s', keywords: 'objectives budgets burn' },
  { page: '/alerts', label: 'Alerts', icon: IconFlame, keys: 'g a', keywords: 'firing' },
  { page: '/incidents', label: 'Incidents', icon: IconAlertOctagon, keys: 'g i' },
  {
    page: '/changes',
    label: 'Changes',
    icon: IconGitCommit,
    keys: 'g d',
    keywords: 'deploys releases config feature flags versions',
  },
  { page: '/checks', label: 'Checks', icon: IconActivityHeartbeat, keys: 'g c', keywords: 'synthetic uptime http' },
  { page: '/logs', label: 'Logs', icon: IconFileText, keys: 'g l', keywords: 'records tail search' },
  { page: '/traces', label: 'Traces', icon: IconTimeline, keys: 'g t', keywords: 'spans waterfall service map' },
  { page: '/reviews', label: 'Reviews', icon: IconNotes, keys: 'g r', keywords: 'postmortem retrospective' },
  {
    page: '/reports',
    label: 'Reports',
    icon: IconReportAnalytics,
    keys: 'g p',
    keywords: 'period month quarter team csv print pdf',
  },
  {
    page: '/tools/sla',
    label: 'SLA calculator',
    icon: IconCalculator,
    keys: 'g n',
    keywords: 'nines availability downtime allowed dependencies requests',
  },
]

export const CONFIGURE: Destination[] = [
  { page: '/settings/services', label: 'Services', icon: IconServer, keywords: 'catalogue tier team runbook' },
  { page: '/settings/schedules', label: 'Schedules', icon: IconCalendarTime, keywords: 'on call rotation override' },
  { page: '/settings/policies', label: 'Escalation', icon: IconStairs, keywords: 'policies steps' },
  {
    page: '/settings/budget-policies',
    label: 'Budget policies',
    icon: IconScale,
    keywords: 'error budget freeze gate deploys tickets thresholds',
  },
  { page: '/settings/channels', label: 'Channels', icon: IconBroadcast, keywords: 'webhook delivery' },
  { page: '/settings/silences', label: 'Silences', icon: IconBellOff, keywords: 'mute' },
  {
    page: '/settings/code',
    label: 'SLOs as code',
    icon: IconFileCode,
    keywords: 'openslo sloth pyrra yaml git apply drift',
  },
  { page: '/settings/keys', label: 'API keys', icon: IconKey, role: 'admin', keywords: 'ingest otlp token' },
  {
    page: '/settings/telemetry',
    label: 'Usage and limits',
    icon: IconGauge,
    keywords: 'telemetry retention cardinality series quota dead letters',
  },
  { page: '/settings/members', label: 'Members', icon: IconUsers, keywords: 'invite roles' },
]
