import type { LabelMatcher, Objective, SliSpec, SloWindow } from '@nines/contracts'

/** Counter of requests served and histogram of their duration in seconds that every app of Nines reports. */
const REQUESTS = 'nines.http.server.requests'
const DURATION = 'nines.http.server.duration'

const app = (name: string): LabelMatcher => ({ label: 'service.name', op: '=', value: `nines-${name}` })
const failed: LabelMatcher = { label: 'status_class', op: '=', value: '5xx' }
/** The stream of live events stays open for hours and says nothing about speed. */
const answered: LabelMatcher = { label: 'http.route', op: '!=', value: '/api/v1/events' }

export interface SelfMonitoringSlo {
  slug: string
  name: string
  description: string
  sli: SliSpec
  target: number
  window: SloWindow
  furtherObjectives: Objective[]
}

const MONTH = { window: { kind: 'rolling', days: 30 }, furtherObjectives: [] as Objective[] } as const

function withoutServerErrors(name: string): SliSpec {
  return {
    kind: 'ratio',
    bad: { metric: REQUESTS, matchers: [app(name), failed] },
    total: { metric: REQUESTS, matchers: [app(name)] },
  }
}

/** SLOs over Nines' own telemetry: the first thing a new installation shows, and a worked example of each SLI kind. */
export const selfMonitoringSlos: readonly SelfMonitoringSlo[] = [
  {
    slug: 'nines-ingest-success',
    name: 'Ingest accepts telemetry',
    description: 'Telemetry requests that are not answered with a server error.',
    sli: withoutServerErrors('ingest'),
    target: 0.999,
    ...MONTH,
  },
  {
    slug: 'nines-api-success',
    name: 'API answers',
    description: 'Dashboard and API requests that are not answered with a server error.',
    sli: withoutServerErrors('api'),
    target: 0.999,
    ...MONTH,
  },
  {
    slug: 'nines-api-latency',
    name: 'API answers within 500 ms',
    description: 'Dashboard and API requests answered within half a second.',
    sli: { kind: 'latency', histogram: { metric: DURATION, matchers: [app('api'), answered] }, threshold: 0.5 },
    target: 0.99,
    ...MONTH,
  },
]
