import type { ServiceDto, Temporality } from '@nines/contracts'
import { listChecks } from '@nines/records'
import {
  checkCandidate,
  logCandidates,
  normalName,
  seriesCandidates,
  spanCandidates,
  ownerNamesOf,
  type SliCandidate,
} from '@nines/slo'
import { findServiceSeries, summariseLogs, summariseSpans, type QueryLimits } from '@nines/telemetry'
import type { ApiContext } from '../../../context.ts'

export interface CandidatesQuery {
  workspace: { id: string; number: number }
  service: ServiceDto
  /** Names under which telemetry may speak of the service, as people write them. */
  names: readonly string[]
  from: number
  to: number
  signal: AbortSignal
}

export interface FoundCandidates {
  candidates: SliCandidate[]
  /** Names that telemetry does come under. */
  foundNames: string[]
  /** Series by id, to know how each says what it counts. */
  temporalities: ReadonlyMap<string, Temporality>
  /** What could not be looked at, for people. */
  limits: string[]
}

/**
 * Everything that the service's telemetry could be measured by. The spans themselves are looked at where no metric was
 * computed from them, log records where nothing says how requests fare.
 */
export async function findCandidates(context: ApiContext, query: CandidatesQuery): Promise<FoundCandidates> {
  const { telemetry, prisma } = context
  const { workspace, from, to, signal } = query
  const limits: QueryLimits = { signal }
  const normal = new Set(query.names.map(normalName).filter((name) => name !== ''))
  const ofNames = { workspace: workspace.number, names: [...normal], from, to }
  const [{ series, truncated }, checks] = await Promise.all([
    findServiceSeries(telemetry, workspace.number, [...normal], from, limits),
    listChecks(prisma, workspace.id),
  ])
  const ofSeries = seriesCandidates(series, normal)
  const isServed = ({ aspect, scope }: SliCandidate) =>
    aspect === 'availability' && ['requests', 'calls', 'messages'].includes(scope)
  const hasRed = series.some(({ metric }) => metric === 'traces.span.metrics.calls')
  const spans = hasRed ? [] : await summariseSpans(telemetry, ofNames, limits)
  const ofSpans = spanCandidates(spans)
  const needsLogs = ![...ofSeries, ...ofSpans].some(isServed)
  const logs = needsLogs ? await summariseLogs(telemetry, ofNames, limits) : []
  const ofChecks = checks
    .filter(({ service, enabled }) => enabled && service?.id === query.service.id)
    .map(({ id, name, createdAt }) => checkCandidate({ id, name, createdAt: Date.parse(createdAt) }, to))
  const foundNames = [
    ...ownerNamesOf(series, normal),
    ...spans.map(({ service }) => service),
    ...logs.map(({ service }) => service),
  ]
  return {
    candidates: [...ofSeries, ...ofSpans, ...ofChecks, ...logCandidates(logs)],
    foundNames: [...new Set(foundNames)].toSorted(),
    temporalities: new Map(series.map(({ id, temporality }) => [id, temporality])),
    limits: truncated ? ['The service has more series than are looked at: some of its metrics were left out.'] : [],
  }
}
