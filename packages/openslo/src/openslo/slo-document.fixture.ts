import { expect } from 'vitest'
import { stringify } from 'yaml'
import { loadCode, type CodeDocument } from '../load-code.ts'

export const prometheus = (query: string) => ({ metricSource: { type: 'Prometheus', spec: { query } } })
export const ratio = {
  counter: true,
  bad: prometheus('sum(rate(http_requests_total{job="web",code=~"5.."}[5m]))'),
  total: prometheus('sum(rate(http_requests_total{job="web"}[5m]))'),
}

/** An OpenSLO document of any kind. */
export const document = (kind: string, name: string, body: object, more: object = {}) => ({
  apiVersion: 'openslo/v1',
  kind,
  metadata: { name, ...more },
  spec: body,
})

/** The specification of an SLO that Nines computes, with changes. */
export const spec = (change: object = {}) => ({
  service: 'web',
  indicator: { metadata: { name: 'ok' }, spec: { ratioMetric: ratio } },
  timeWindow: [{ duration: '4w', isRolling: true }],
  budgetingMethod: 'Occurrences',
  objectives: [{ target: 0.999 }],
  ...change,
})

/** What documents come to; they must be valid. */
export function load(...documents: object[]): CodeDocument[] {
  const loaded = loadCode([{ path: 'a.yaml', content: documents.map((one) => stringify(one)).join('---\n') }])
  expect(loaded.problems).toEqual([])
  return loaded.documents
}
