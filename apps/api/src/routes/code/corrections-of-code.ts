import type { CodeField, CodeSource, CorrectionDto } from '@nines/contracts'
import {
  correctionDifferences,
  desiredCorrection,
  whereOf,
  type CodeState,
  type DesiredCorrection,
  type Live,
  type PlannedCode,
} from '@nines/openslo'
import {
  createCorrection,
  findCorrectionSources,
  findShortNames,
  listHeldCorrections,
  replaceCorrection,
  revokeCorrection,
  type PrismaClient,
  type ShortNames,
  type StoredCodeDocument,
} from '@nines/records'
import { sourceDto } from './source-dto.ts'

type Actor = Parameters<typeof createCorrection>[3]

/** Ids of services and SLOs by their short names. */
export interface IdsBySlug {
  services: ReadonlyMap<string, string>
  slos: ReadonlyMap<string, string>
}

/**
 * Corrections that hold, as code says them: those of documents by the documents' names, others by their ids. One of an SLO that
 * is archived corrects nothing that code could name.
 */
export async function liveCorrections(
  prisma: PrismaClient,
  workspaceId: string,
  documents: readonly StoredCodeDocument[],
  { services, slos }: Record<'services' | 'slos', readonly { id: string; slug: string }[]>,
): Promise<Live<DesiredCorrection>[]> {
  const names = new Map(
    documents.flatMap(({ name, objects }) =>
      objects.flatMap(({ correctionId }) => (correctionId === null ? [] : [[correctionId, name] as const])),
    ),
  )
  const slugs = (all: readonly { id: string; slug: string }[]) => new Map(all.map(({ id, slug }) => [id, slug]))
  const shortNames = { slos: slugs(slos), services: slugs(services) }
  const held = await listHeldCorrections(prisma, workspaceId)
  return held.flatMap((correction) => {
    const { id } = correction
    const said = saidOf(correction, names.get(id) ?? id, shortNames)
    return said === null ? [] : { ...said, id }
  })
}

/** The code that corrections come from, by their ids, and how each differs from what code said last: one that was revoked by that. */
export async function correctionSources(
  prisma: PrismaClient,
  workspaceId: string,
  corrections: readonly CorrectionDto[],
): Promise<Map<string, CodeSource>> {
  const bound = corrections.filter(({ codeFile }) => codeFile !== null)
  if (bound.length === 0) return new Map()
  const documents = await findCorrectionSources(
    prisma,
    workspaceId,
    bound.map(({ id }) => id),
  )
  const shortNames = await findShortNames(prisma, workspaceId, {
    sloIds: bound.flatMap(({ sloId }) => sloId ?? []),
    serviceIds: bound.flatMap(({ serviceId }) => serviceId ?? []),
  })
  return new Map(
    bound.flatMap((correction) => {
      const { id } = correction
      const document = documents.get(id)
      const object = document?.objects.find(({ correctionId }) => correctionId === id)
      return document && object ? [[id, sourceDto(document, driftOf(correction, object.applied, shortNames))]] : []
    }),
  )
}

function driftOf(correction: CorrectionDto, applied: unknown, shortNames: ShortNames): CodeField[] {
  const before = desiredCorrection.safeParse(applied)
  if (correction.revokedAt !== null) return [{ path: 'revoked', before: false, after: true }]
  if (!before.success) return []
  const now = saidOf(correction, before.data.name, shortNames)
  // Of an archived SLO nothing is left to name.
  return correctionDifferences(before.data, now ?? { ...before.data, slo: null })
}

/** SLOs and services that corrections of files name and that will not be there. */
export function correctionIssues(
  planned: PlannedCode,
  { services, slos }: Pick<CodeState, 'services' | 'slos'>,
): { path: string; message: string }[] {
  const gone = new Set(planned.slos.flatMap(({ change }) => (change.action === 'remove' ? [change.slug] : [])))
  const wanted = (of: readonly { desired?: { slug: string } }[]) => of.flatMap(({ desired }) => desired?.slug ?? [])
  const known = {
    slo: new Set([...slos.map(({ slug }) => slug).filter((slug) => !gone.has(slug)), ...wanted(planned.slos)]),
    service: new Set([...services.map(({ slug }) => slug), ...wanted(planned.services)]),
  }
  return planned.corrections.flatMap(({ desired, source }) => {
    if (!desired || !source) return []
    return (['slo', 'service'] as const).flatMap((field) => {
      const slug = desired[field]
      if (slug === null || known[field].has(slug)) return []
      const noun = field === 'slo' ? 'SLO' : 'service'
      const path = whereOf(source.raw.at(['spec', field], ''))
      return [{ path, message: `there is no ${noun} with the short name "${slug}"` }]
    })
  })
}

/**
 * Makes a correction what code says and answers its id, or (without `desired`) revokes it. Records of corrections never
 * change: one that code says otherwise is revoked, and another one made.
 */
export async function writeCorrection(
  prisma: PrismaClient,
  workspaceId: string,
  { change, desired, source }: PlannedCode['corrections'][number],
  ids: IdsBySlug,
  actor: Actor,
): Promise<string | null> {
  if (change.action === 'remove' && change.id !== null) {
    const reason = `code says "${change.name}" no more`
    await revokeCorrection(prisma, workspaceId, { id: change.id, reason }, actor)
  }
  if (!desired || (change.action !== 'create' && change.action !== 'update')) return null
  const { name: _name, slo, service, startsAt, endsAt, ...rest } = desired
  const input = {
    ...rest,
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
    // One that went since the plan is refused like one that was never there.
    sloId: slo === null ? null : (ids.slos.get(slo) ?? ''),
    serviceId: service === null ? null : (ids.services.get(service) ?? ''),
  }
  if (change.id === null) return (await createCorrection(prisma, workspaceId, input, actor)).id
  const reason = `${source?.raw.file ?? 'code'} says it otherwise`
  return (await replaceCorrection(prisma, workspaceId, { id: change.id, reason }, input, actor)).id
}

/** A correction as code would say it; null where code has no name for what it corrects. */
function saidOf(correction: CorrectionDto, name: string, { slos, services }: ShortNames): DesiredCorrection | null {
  const { sloId, serviceId, effect, startsAt, endsAt, rrule, timeZone, outside, reason } = correction
  const slo = sloId === null ? null : slos.get(sloId)
  const service = serviceId === null ? null : services.get(serviceId)
  if (slo === undefined || service === undefined) return null
  const utc = (instant: string) => new Date(instant).toISOString()
  const times = { startsAt: utc(startsAt), endsAt: utc(endsAt), rrule, timeZone, outside }
  return { name, slo, service, effect, ...times, reason }
}
