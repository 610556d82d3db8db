import { ofOperation, type PickedCandidate, type SliCandidate } from '@nines/slo'
import { busiestOperations } from '@nines/telemetry'
import type { ApiContext } from '../../../context.ts'
import type { CandidatesQuery, FoundCandidates } from './find-candidates.ts'

const MOST_OPERATIONS = 3
/** An operation that is asked more rarely is nobody's main errand. */
const LEAST_SHARE = 0.05
const LOOK_BACK_MS = 7 * 86_400_000

/** Availability and latency of the busiest operations of a service that has several. */
export async function operationCandidates(
  { telemetry }: ApiContext,
  picked: readonly PickedCandidate[],
  { temporalities }: FoundCandidates,
  { workspace, from, to, signal }: CandidatesQuery,
): Promise<PickedCandidate[]> {
  const served = (aspect: SliCandidate['aspect']) =>
    picked.find(({ candidate }) => candidate.aspect === aspect && ['requests', 'calls'].includes(candidate.scope))
  const availability = served('availability')?.candidate
  if (!availability?.operations) return []
  const found = await busiestOperations(
    telemetry,
    {
      workspace: workspace.number,
      series: availability.operations.series,
      temporalities,
      from: Math.max(from, to - LOOK_BACK_MS),
      to,
    },
    { signal },
  )
  const all = found.reduce((sum, { events }) => sum + events, 0)
  const busiest = found.filter(({ events }) => events > 0 && events >= LEAST_SHARE * all)
  const latency = served('latency')?.candidate
  return busiest.slice(0, MOST_OPERATIONS).flatMap(({ operation }) =>
    [availability, latency].flatMap((candidate) => {
      const narrowed = candidate && ofOperation(candidate, operation)
      return narrowed ? [{ candidate: narrowed, alternatives: [] }] : []
    }),
  )
}
