import type { CorrectionDto } from '@nines/contracts'
import { whereOf, type CodeState, type DesiredCorrection, type Live, type PlannedCode } from '@nines/openslo'
import {
  createCorrection,
  listHeldCorrections,
  replaceCorrection,
  revokeCorrection,
  type PrismaClient,
  type StoredCodeDocument,
} from '@nines/records'

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
  const [serviceSlugs, sloSlugs] = [services, slos].map((all) => new Map(all.map(({ id, slug }) => [id, slug])))
  const held = await listHeldCorrections(prisma, workspaceId)
  return held.flatMap((correction) => {
    const slo = slugIn(sloSlugs, correction.sloId)
    const service = slugIn(serviceSlugs, correction.serviceId)
    if (slo === undefined || service === undefined) return []
    return { ...saidOf(correction), id: correction.id, name: names.get(correction.id) ?? correction.id, slo, service }
  })
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

function saidOf({ effect, startsAt, endsAt, rrule, timeZone, outside, reason }: CorrectionDto) {
  const utc = (instant: string) => new Date(instant).toISOString()
  return { effect, startsAt: utc(startsAt), endsAt: utc(endsAt), rrule, timeZone, outside, reason }
}

function slugIn(slugs: ReadonlyMap<string, string> | undefined, id: string | null): string | null | undefined {
  return id === null ? null : slugs?.get(id)
}
