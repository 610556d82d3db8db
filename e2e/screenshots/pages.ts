/** What `npm run screenshots` takes pictures of: every page of the dashboard on demo data. */

/** A list page whose first matching link leads to the wanted page, so that no id is written down here. */
interface FirstLink {
  /** Page with the list. */
  from: string
  /** Accessible name of the region or table that holds the list. */
  list: string
  /** Text of the link, where it is not the first one. */
  named?: string
  /** What follows the path of that link, for example "/edit" or "?tab=rules". */
  suffix?: string
}

/** Done after the page has settled, by accessible names only. */
export type ScreenshotAction =
  | { click: string; role?: 'button' | 'link' | 'tab' | 'radio' | 'treeitem' }
  | { press: string }

export interface ScreenshotPage {
  /** File name without size and colours: kebab-case. */
  name: string
  /** A path below /w/<workspace>, an absolute path where `outside` is set, or the first link of a list. */
  path: string | FirstLink
  outside?: boolean
  /** Taken without a session. */
  signedOut?: boolean
  actions?: readonly ScreenshotAction[]
}

export const screenshotVariants = [
  { name: 'light', colorScheme: 'light', width: 1440, height: 900 },
  { name: 'dark', colorScheme: 'dark', width: 1440, height: 900 },
  { name: 'phone', colorScheme: 'light', width: 390, height: 844 },
  { name: 'phone-dark', colorScheme: 'dark', width: 390, height: 844 },
] as const

export const screenshotPages: readonly ScreenshotPage[] = [
  { name: 'login', path: '/login', outside: true, signedOut: true },
  { name: 'overview', path: '/overview' },
  { name: 'command-palette', path: '/overview', actions: [{ press: 'Control+k' }] },
  { name: 'slos', path: '/slos' },
  { name: 'slo', path: { from: '/slos', list: 'SLOs' } },
  {
    name: 'slo-explain',
    path: { from: '/slos', list: 'SLOs' },
    actions: [{ click: 'Error budget left', role: 'button' }],
  },
  { name: 'slo-rules', path: { from: '/slos', list: 'SLOs', suffix: '?tab=rules' } },
  { name: 'slo-versions', path: { from: '/slos', list: 'SLOs', suffix: '?tab=versions' } },
  { name: 'slo-new', path: '/slos/new' },
  { name: 'slo-suggestions', path: '/slos/suggestions' },
  { name: 'slo-edit', path: { from: '/slos', list: 'SLOs', suffix: '/edit' } },
  { name: 'slo-composite', path: { from: '/slos', list: 'SLOs', named: 'Customers can order' } },
  {
    name: 'slo-composite-explain',
    path: { from: '/slos', list: 'SLOs', named: 'Customers can order' },
    actions: [{ click: 'SLI, 30 days', role: 'button' }],
  },
  {
    name: 'slo-composite-edit',
    path: { from: '/slos', list: 'SLOs', named: 'Customers can order', suffix: '/edit' },
  },
  { name: 'alerts', path: '/alerts?state=all' },
  { name: 'alert', path: { from: '/alerts?state=all', list: 'Alerts' } },
  { name: 'incidents', path: '/incidents' },
  { name: 'incident', path: { from: '/incidents', list: 'Incidents' } },
  { name: 'changes', path: '/changes' },
  { name: 'change', path: '/changes', actions: [{ click: 'Release 2026.10 of checkout', role: 'link' }] },
  { name: 'checks', path: '/checks' },
  { name: 'check', path: { from: '/checks', list: 'Checks' } },
  { name: 'check-new', path: '/checks/new' },
  { name: 'check-edit', path: { from: '/checks', list: 'Checks', suffix: '/edit' } },
  { name: 'logs', path: '/logs?range=15m', actions: [{ click: 'shop-checkout', role: 'button' }] },
  { name: 'logs-none', path: '/logs?q=nobody-writes-this' },
  { name: 'logs-live', path: '/logs?live=true' },
  { name: 'traces', path: '/traces?operation=POST%20%2Fbuy' },
  { name: 'traces-errors', path: '/traces?status=error&sort=slowest' },
  { name: 'service-map', path: '/traces?view=map' },
  { name: 'trace', path: { from: '/traces?operation=POST%20%2Fbuy&status=error', list: 'Traces' } },
  {
    name: 'trace-span',
    path: { from: '/traces?operation=POST%20%2Fbuy&status=error', list: 'Traces' },
    actions: [{ click: 'shop-checkout SELECT stock', role: 'treeitem' }],
  },
  { name: 'reviews', path: '/reviews' },
  { name: 'review', path: { from: '/reviews', list: 'Reviews', suffix: '?view=edit' } },
  { name: 'review-read', path: { from: '/reviews', list: 'Reviews', suffix: '?view=read' } },
  { name: 'reports', path: '/reports' },
  { name: 'reports-empty', path: '/reports?period=day&date=2020-02-29&team=none' },
  { name: 'sla-calculator', path: '/tools/sla' },
  { name: 'settings-services', path: '/settings/services' },
  { name: 'settings-schedules', path: '/settings/schedules' },
  { name: 'settings-policies', path: '/settings/policies' },
  { name: 'settings-budget-policies', path: '/settings/budget-policies' },
  { name: 'budget-policy-new', path: '/settings/budget-policies/new' },
  { name: 'settings-channels', path: '/settings/channels', actions: [{ click: 'Messages', role: 'button' }] },
  { name: 'settings-silences', path: '/settings/silences' },
  { name: 'settings-code', path: '/settings/code' },
  { name: 'settings-keys', path: '/settings/keys' },
  { name: 'settings-telemetry', path: '/settings/telemetry' },
  { name: 'settings-members', path: '/settings/members' },
]
