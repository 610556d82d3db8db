import {
  isComposite,
  measuredOf,
  type MeasuredSli,
  type SeriesSelector,
  type SliSpec,
  type SuggestionAspect,
} from '@nines/contracts'
import { roleOf } from './metric-roles.ts'
import { OPERATION_LABELS } from './sli-candidate.ts'

/** What an SLO promises, as far as its SLI tells. */
export interface SloPromise {
  aspect: SuggestionAspect
  scope: string
  operation: string | null
}

export interface CoveringSlo<Slo> {
  slo: Slo
  /** By the very same telemetry. */
  same: boolean
}

/** The SLO that promises what the candidate would: by the same telemetry, else by other telemetry of the same promise. */
export function coveringSlo<Slo extends { sli: SliSpec }>(
  { sli, ...promise }: SloPromise & { sli: SliSpec },
  slos: readonly Slo[],
): CoveringSlo<Slo> | null {
  // A composite promises nothing of any telemetry by itself.
  if (isComposite(sli)) return null
  const wanted = telemetryOf(measuredOf(sli))
  const promises = slos.flatMap((slo) => (isComposite(slo.sli) ? [] : { slo, measured: measuredOf(slo.sli) }))
  const same = promises.find(
    ({ measured }) => telemetryOf(measured) === wanted && promiseOf(measured).aspect === promise.aspect,
  )
  if (same) return { slo: same.slo, same: true }
  const alike = promises.find(({ measured }) => isOf(promiseOf(measured), promise))
  return alike ? { slo: alike.slo, same: false } : null
}

function isOf(found: SloPromise, wanted: SloPromise): boolean {
  const served = (scope: string) => (scope === 'calls' ? 'requests' : scope)
  return (
    found.aspect === wanted.aspect &&
    served(found.scope) === served(wanted.scope) &&
    found.operation === wanted.operation
  )
}

/** What an SLI promises. */
function promiseOf(sli: MeasuredSli): SloPromise {
  if (sli.kind === 'availability') return { aspect: 'check', scope: sli.checkId, operation: null }
  if (sli.kind === 'logs') return { aspect: 'logs', scope: sli.total.service ?? '', operation: null }
  if (sli.kind === 'gauge') return { aspect: 'freshness', scope: sli.gauge.metric, operation: null }
  if (sli.kind === 'spans') {
    const isOfMessages = sli.spanKinds.every((kind) => kind === 'consumer')
    return {
      aspect: sli.good.withoutError ? 'availability' : 'latency',
      scope: isOfMessages ? 'messages' : 'requests',
      operation: sli.operation ?? null,
    }
  }
  const selector = sli.kind === 'latency' ? sli.histogram : sli.total
  const isOfBuckets = sli.kind === 'ratio' && sli.good?.metric.endsWith('_bucket') === true
  const isLatency = sli.kind === 'latency' || isOfBuckets
  return { aspect: isLatency ? 'latency' : 'availability', scope: scopeOf(selector), operation: operationOf(selector) }
}

function scopeOf({ metric, matchers }: SeriesSelector): string {
  if (matchers.some(({ value }) => value === 'SPAN_KIND_CONSUMER')) return 'messages'
  const base = metric.replace(/_(bucket|count|sum)$/, '')
  const role = roleOf(base)
  if (role === 'messaging') return 'messages'
  return role === 'other' && !/request/.test(base) ? base.replace(/_total$/, '') : 'requests'
}

function operationOf({ matchers }: SeriesSelector): string | null {
  return matchers.find(({ label, op }) => op === '=' && OPERATION_LABELS.includes(label))?.value ?? null
}

/** Rows or series of an SLI as a text that is equal for equal ones. */
function telemetryOf(sli: MeasuredSli): string {
  if (sli.kind === 'availability') return JSON.stringify([sli.kind, sli.checkId])
  if (sli.kind === 'logs') return JSON.stringify([sli.kind, sli.total])
  if (sli.kind === 'spans')
    return JSON.stringify([sli.kind, sli.service, sli.operation ?? null, sli.spanKinds.toSorted(), sli.attributes])
  const selector = sli.kind === 'latency' ? sli.histogram : sli.kind === 'gauge' ? sli.gauge : sli.total
  const matchers = selector.matchers.map(({ label, op, value }) => `${label}\0${op}\0${value}`).toSorted()
  return JSON.stringify([selector.metric, matchers])
}
