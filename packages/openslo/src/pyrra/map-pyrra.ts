import { burnRateCondition, sliSpec, type SliSpec } from '@nines/contracts'
import { fractionOf, shortName, slugOf, type Mapped, type Note } from '../desired/desired.ts'
import { wholeDays } from '../openslo/durations.ts'
import { eventSli } from '../prometheus/event-sli.ts'
import { prometheusSeconds } from '../prometheus/prometheus-duration.ts'
import { gaugeOfQuery, selectorOfQuery } from '../prometheus/selector-of-query.ts'
import type { PyrraDocument } from './pyrra-document.ts'
import { pyrraRules } from './pyrra-rules.ts'

/** What a ServiceLevelObjective of Pyrra comes to. */
export function mapPyrra(document: PyrraDocument): Mapped {
  const { metadata, spec } = document
  const slug = slugOf(metadata.name)
  const seconds = prometheusSeconds(spec.window) ?? 0
  const days = wholeDays(seconds)
  const target = fractionOf(Number(spec.target))
  if (slug === undefined) return refused(['metadata', 'name'], `${metadata.name} makes no slug`)
  if (days === undefined) return refused(['spec', 'window'], `a window has 1 to 366 whole days, not ${spec.window}`)
  if (target <= 0 || target >= 1)
    return refused(['spec', 'target'], `a target of ${spec.target} leaves no budget or can never be missed`)
  const indicator = sliOf(spec.indicator)
  if ('message' in indicator) return refused(['spec', 'indicator', ...indicator.path], indicator.message)
  const service = serviceOf(document)
  const rules = pyrraRules(seconds, spec.alerting)
  const usable = rules.filter((rule) => burnRateCondition.safeParse(rule.condition).success)
  const notes: Note[] = rules
    .filter((rule) => !usable.includes(rule))
    .map((rule) => ({
      effect: 'not_used',
      path: ['spec', 'window'],
      message: `${rule.name}: Pyrra's short window rounds to 0`,
    }))
  if (spec.alerting?.absent !== false && spec.alerting?.disabled !== true)
    notes.push({
      effect: 'not_used',
      path: ['spec', 'alerting'],
      message: 'the alert for an absent metric: a silence rule says it, which is not made from here',
    })
  const slo = {
    slug,
    name: shortName(metadata.name),
    description: (spec.description ?? '').trim().slice(0, 2000),
    service: service.slug,
    sli: indicator.sli,
    target,
    window: { kind: 'rolling' as const, days },
    furtherObjectives: [],
    rules: usable,
  }
  return { services: [service], slos: [slo], notes }
}

type Indicator = { sli: SliSpec } | { message: string; path: PropertyKey[] }

function sliOf({ ratio, latency, latencyNative, bool_gauge: gauge }: PyrraDocument['spec']['indicator']): Indicator {
  if (ratio !== undefined)
    return (
      grouped('ratio', ratio.grouping) ?? events('ratio', 'bad', ['errors', ratio.errors.metric], ratio.total.metric)
    )
  if (latency !== undefined)
    return (
      grouped('latency', latency.grouping) ??
      events('latency', 'good', ['success', latency.success.metric], latency.total.metric)
    )
  if (latencyNative !== undefined)
    return (
      grouped('latencyNative', latencyNative.grouping) ??
      nativeLatency(latencyNative.total.metric, latencyNative.latency)
    )
  return grouped('bool_gauge', gauge?.grouping) ?? boolGauge(gauge?.metric ?? '')
}

/** Share of a native histogram's events that were at least as fast, in Prometheus' unit of time, the second. */
function nativeLatency(query: string, latency: string): Indicator {
  const result = selectorOfQuery(query)
  if (!result.selector) return { message: result.reason, path: ['latencyNative', 'total', 'metric'] }
  return { sli: { kind: 'latency', histogram: result.selector, threshold: prometheusSeconds(latency) ?? 0 } }
}

function boolGauge(query: string): Indicator {
  const result = gaugeOfQuery(query)
  if (!result.selector) return { message: result.reason, path: ['bool_gauge', 'metric'] }
  const parsed = sliSpec.safeParse({ kind: 'gauge', gauge: result.selector, op: '>=', threshold: 1 })
  return parsed.success ? { sli: parsed.data } : { message: 'a gauge of 0 and 1 is not computed', path: ['bool_gauge'] }
}

function grouped(kind: string, labels: string[] | undefined): Indicator | undefined {
  if (labels === undefined || labels.length === 0) return undefined
  return { message: `an SLI for each value of ${labels.join(', ')} is not there yet`, path: [kind, 'grouping'] }
}

function events(kind: string, part: 'good' | 'bad', [name, query]: [string, string], total: string): Indicator {
  const result = eventSli(part, query, total)
  if (!('reason' in result)) return result
  return { message: result.reason, path: [kind, result.part === 'total' ? 'total' : name, 'metric'] }
}

const SERVICE_LABELS = ['pyrra.dev/service', 'app.kubernetes.io/name', 'service']

/** Pyrra knows no services: a label says it, or the job whose metric it is, or the objective stands for itself. */
function serviceOf({ metadata, spec }: PyrraDocument) {
  const { ratio, latency, latencyNative, bool_gauge: gauge } = spec.indicator
  const query = (ratio ?? latency ?? latencyNative)?.total.metric ?? gauge?.metric ?? ''
  const matchers = selectorOfQuery(query).selector?.matchers ?? []
  const job = matchers.find((matcher) => matcher.label === 'job' && matcher.op === '=')?.value
  const label = SERVICE_LABELS.map((key) => metadata.labels?.[key]).find((value) => value)
  const name = [label, job, metadata.name].find((one) => one && slugOf(one) !== undefined) ?? metadata.name
  return { slug: slugOf(name) ?? metadata.name, name: shortName(name), description: '', isImplied: true }
}

function refused(path: PropertyKey[], message: string): Mapped {
  return { services: [], slos: [], notes: [{ effect: 'not_evaluated', path, message }] }
}
