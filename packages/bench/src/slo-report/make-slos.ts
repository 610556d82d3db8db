import { sliOf, type SloApi } from '../slo/slo-api.ts'

const SERVICES = 20
const DAY_MS = 86_400_000

/** So many SLOs of 20 services of 4 teams, each service deployed once a day. Answers the ids of the SLOs. */
export async function makeSlos(
  api: SloApi,
  count: number,
  { from, to }: { from: number; to: number },
): Promise<string[]> {
  const post = (path: string, body: object) => api.ask<{ id: string }>('POST', `/api/v1/${path}`, body)
  const teams = []
  for (let i = 0; i < 4; i++) teams.push(await post('teams', { slug: `team-${i}`, name: `Team ${i}` }))
  const services: string[] = []
  for (let i = 0; i < SERVICES; i++) {
    const slug = `service-${i}`
    services.push((await post('services', { slug, name: slug, teamId: teams[i % 4]?.id })).id)
    for (let at = from + i * MINUTE_MS; at < to; at += DAY_MS)
      await post('changes', { externalId: `${slug}-${at}`, service: slug, version: String(at), startedAt: iso(at) })
  }
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    const slug = `slo-${i}`
    const window = { kind: 'rolling', days: 30 }
    const body = { slug, name: slug, serviceId: services[i % SERVICES], sli: sliOf(slug), target: 0.999, window }
    ids.push((await post('slos', body)).id)
  }
  return ids
}

const MINUTE_MS = 60_000

function iso(at: number): string {
  return new Date(at).toISOString()
}
