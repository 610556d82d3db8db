import { suggestSlos as route, type SloSuggestion, type SloSuggestions } from '@nines/contracts'
import { messageOf, NinesError } from '@nines/kernel'
import { checkCadences, getService, listSlos, namedServices, type StoredSlo } from '@nines/records'
import {
  bySuggestionOrder,
  coveringSlo,
  DAY_MS,
  daysText,
  minuteOf,
  normalName,
  pickCandidates,
  suggestionDescription,
  suggestionName,
  suggestionSlug,
  type PickedCandidate,
  type SliCandidate,
} from '@nines/slo'
import { heardServices } from '@nines/telemetry'
import type { ApiContext } from '../../../context.ts'
import { handle } from '../../../http/handle.ts'
import { buildSuggestion, type BareSuggestion, type BuildQuery } from './build-suggestion.ts'
import { findCandidates, type CandidatesQuery } from './find-candidates.ts'
import { operationCandidates } from './operation-candidates.ts'

/** The newest minute that is looked at ended at least this long ago: points of it have arrived by then. */
const SETTLING_MS = 60_000
const MOST_SUGGESTIONS = 10
/** More candidates are not looked at: each takes a count of its telemetry. */
const MOST_CANDIDATES = 14
/** What takes longer is left out, and told; asking again goes on from what has been counted. */
const LONGEST_MS = 40_000

interface Built {
  candidate: SliCandidate
  bare: BareSuggestion
}

export const suggestSlos = handle(route, async ({ workspace, params, query, signal }, context) => {
  const { prisma, telemetry } = context
  const service = await getService(prisma, workspace.id, params.id)
  const to = minuteOf(Date.now() - SETTLING_MS)
  const from = to - query.days * DAY_MS
  const names = query.name === undefined ? await catalogueNames(context, workspace.id, service.id) : [query.name]
  const asked: CandidatesQuery = { workspace, service, names, from, to, signal }
  const found = await findCandidates(context, asked)
  const { picked, ended } = pickCandidates(found.candidates, { from, to })
  const candidates = inOrder([...picked, ...(await operationCandidates(context, picked, found, asked))])
  const cadenceOf = await checkCadences(prisma, workspace.id)
  const { built, leftOut } = await buildAll(context, candidates, {
    workspaceNumber: workspace.number,
    from,
    to,
    cadenceOf,
    signal,
  })
  const slos = await listSlos(prisma, workspace.id)
  const answer: SloSuggestions = {
    service: { id: service.id, slug: service.slug, name: service.name },
    from,
    to,
    names: [...names],
    foundNames: found.foundNames,
    items: suggestionsOf(built, service, slos),
    leftOut: [
      ...leftOut,
      ...ended.map((one) => ({ what: one.source, why: `Nothing came for ${daysText((to - one.until) / DAY_MS)}.` })),
      ...found.limits.map((why) => ({ what: 'Series', why })),
    ],
    otherNames:
      found.candidates.length > 0 || found.foundNames.length > 0
        ? []
        : await heardServices(telemetry, workspace.number, to - DAY_MS, { signal }),
  }
  return answer
})

/**
 * Names under which telemetry may speak of a service, its slug first. What its SLOs measure is among them, but not what another
 * service of the catalogue is called.
 */
async function catalogueNames({ prisma }: ApiContext, workspaceId: string, serviceId: string): Promise<string[]> {
  const services = await namedServices(prisma, workspaceId)
  const own = services.find(({ id }) => id === serviceId)
  const others = services.filter(({ id }) => id !== serviceId)
  const taken = new Set(others.flatMap(({ slug, name }) => [normalName(slug), normalName(name)]))
  const isOwn = (name: string) => name === own?.slug || !taken.has(normalName(name))
  return [...(own?.names ?? [])].filter(isOwn)
}

function inOrder(candidates: readonly PickedCandidate[]): PickedCandidate[] {
  const orderable = ({ candidate }: PickedCandidate) => ({
    ...candidate,
    isCovered: false,
    total: candidate.series.length,
  })
  return candidates.toSorted((a, b) => bySuggestionOrder(orderable(a), orderable(b)))
}

async function buildAll(
  context: ApiContext,
  candidates: readonly PickedCandidate[],
  query: BuildQuery,
): Promise<{ built: Built[]; leftOut: { what: string; why: string }[] }> {
  const deadline = Date.now() + LONGEST_MS
  const built: Built[] = []
  const leftOut: { what: string; why: string }[] = []
  for (const [i, picked] of candidates.entries()) {
    const { candidate } = picked
    const what = candidate.operation === null ? candidate.source : `${candidate.operation}: ${candidate.source}`
    if (i >= MOST_CANDIDATES || built.length >= MOST_SUGGESTIONS)
      leftOut.push({ what, why: 'There are more useful ones.' })
    else if (Date.now() > deadline) leftOut.push({ what, why: 'There was no time to count it: ask again.' })
    else {
      // One at a time: backtests of others wait for the same turns.
      const bare = await buildSuggestion(context, picked, query).catch(whyNot(context, query.signal))
      if ('why' in bare) leftOut.push({ what, why: bare.why })
      else built.push({ candidate, bare })
    }
  }
  return { built, leftOut }
}

/** What is too much for one candidate does not keep the others from being suggested. */
function whyNot({ logger }: ApiContext, signal: AbortSignal): (error: unknown) => { why: string } {
  return (error) => {
    if (signal.aborted) throw new NinesError('gone', 'the client hung up', { cause: error })
    if (!(error instanceof NinesError) || error.code === 'unavailable') throw error
    logger.warn({ reason: messageOf(error) }, 'a suggestion could not be counted')
    return { why: `It could not be counted: ${error.message}.` }
  }
}

function suggestionsOf(
  built: readonly Built[],
  service: { id: string; name: string; slug: string },
  slos: readonly StoredSlo[],
): SloSuggestion[] {
  const taken = new Set(slos.map(({ slug }) => slug))
  const own = slos.filter((slo) => slo.service.id === service.id)
  const items = built.map(({ candidate, bare }) => {
    const { aspect, scope, operation, source } = candidate
    const covering = coveringSlo({ aspect, scope, operation, sli: bare.sli }, own)
    const what = aspect === 'check' ? source.replace(/^check /, '') : scope
    const subject = { aspect, scope, operation, service, threshold: bare.threshold?.text ?? null, what }
    const slug = suggestionSlug(subject, taken)
    taken.add(slug)
    const coveredBy = covering && {
      id: covering.slo.id,
      name: covering.slo.name,
      target: covering.slo.target,
      same: covering.same,
    }
    const words = { name: suggestionName(subject), slug, description: suggestionDescription(subject) }
    const order = { aspect, scope, operation, isCovered: coveredBy !== null, total: bare.evidence.total }
    return { order, item: { ...words, ...bare, coveredBy } }
  })
  return items.toSorted((a, b) => bySuggestionOrder(a.order, b.order)).map(({ item }) => item)
}
