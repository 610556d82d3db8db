import { EVALUATED_METRIC, evaluatedName } from './evaluation-load.ts'

const TARGET = 0.999
const DAYS = 30
const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d']

/**
 * Rules of Prometheus for the SLOs of the load as Sloth generates them for an event SLI over 30 days
 * (https://sloth.dev, v0.11: eight SLI recordings, seven of metadata, a page and a ticket alert, three groups each).
 */
export function slothRules(slos: number): string {
  return `groups:\n${Array.from({ length: slos }, (_, slo) => groupsOf(slo)).join('')}`
}

interface Rule {
  record?: string
  alert?: string
  expr: string
  labels: Record<string, string>
}

function groupsOf(slo: number): string {
  const name = evaluatedName(slo)
  const ids = { sloth_id: `bench-${name}`, sloth_service: 'bench', sloth_slo: name }
  const own = Object.entries(ids)
    .map(([label, value]) => `${label}="${value}"`)
    .join(', ')
  return (
    group(`sloth-slo-sli-recordings-bench-${name}`, sliRules(name, own, ids)) +
    group(`sloth-slo-meta-recordings-bench-${name}`, metaRules(own, ids)) +
    group(`sloth-slo-alerts-bench-${name}`, alertRules(name, own))
  )
}

function sliRules(name: string, own: string, ids: Record<string, string>): Rule[] {
  const total = `${EVALUATED_METRIC}{slo="${name}"}`
  const bad = `${EVALUATED_METRIC}{slo="${name}",status="500"}`
  const byWindow = WINDOWS.map((window) => ({
    record: `slo:sli_error:ratio_rate${window}`,
    expr: `(sum(rate(${bad}[${window}])))\n/\n(sum(rate(${total}[${window}])))`,
    labels: { ...ids, sloth_window: window },
  }))
  const recorded = `slo:sli_error:ratio_rate5m{${own}}[${DAYS}d]`
  const whole = {
    record: `slo:sli_error:ratio_rate${DAYS}d`,
    expr: `sum_over_time(${recorded})\n/ ignoring (sloth_window)\ncount_over_time(${recorded})`,
    labels: { ...ids, sloth_window: `${DAYS}d` },
  }
  return [...byWindow, whole]
}

function metaRules(own: string, ids: Record<string, string>): Rule[] {
  const on = 'on(sloth_id, sloth_slo, sloth_service) group_left'
  const record = (name: string, expr: string, labels = ids) => ({ record: name, expr, labels })
  return [
    record('slo:objective:ratio', `vector(${TARGET})`),
    record('slo:error_budget:ratio', `vector(1-${TARGET})`),
    record('slo:time_period:days', `vector(${DAYS})`),
    record(
      'slo:current_burn_rate:ratio',
      `slo:sli_error:ratio_rate5m{${own}}\n/ ${on}\nslo:error_budget:ratio{${own}}`,
    ),
    record(
      'slo:period_burn_rate:ratio',
      `slo:sli_error:ratio_rate${DAYS}d{${own}}\n/ ${on}\nslo:error_budget:ratio{${own}}`,
    ),
    record('slo:period_error_budget_remaining:ratio', `1 - slo:period_burn_rate:ratio{${own}}`),
    record('sloth_slo_info', 'vector(1)', {
      ...ids,
      sloth_mode: 'cli-gen-prom',
      sloth_objective: String(TARGET * 100),
      sloth_spec: 'prometheus/v1',
      sloth_version: 'v0.11.0',
    }),
  ]
}

function alertRules(name: string, own: string): Rule[] {
  const above = (window: string, factor: number) =>
    `max(slo:sli_error:ratio_rate${window}{${own}} > (${factor} * ${(1 - TARGET).toFixed(3)})) without (sloth_window)`
  const pair = (short: string, long: string, factor: number) => `(${above(short, factor)} and ${above(long, factor)})`
  const alert = (severity: string, expr: string) => ({ alert: name, expr, labels: { sloth_severity: severity } })
  return [
    alert('page', `${pair('5m', '1h', 14.4)}\nor\n${pair('30m', '6h', 6)}`),
    alert('ticket', `${pair('2h', '1d', 3)}\nor\n${pair('6h', '3d', 1)}`),
  ]
}

/** JSON is YAML. */
function group(name: string, rules: Rule[]): string {
  return `- ${JSON.stringify({ name, rules })}\n`
}
