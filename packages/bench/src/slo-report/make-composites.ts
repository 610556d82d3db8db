import type { SloApi } from '../slo/slo-api.ts'

/** Steps of a journey. */
const MEMBERS = 5

/** So many composites, each the product of five neighbours among the SLOs; they share members when there are many. */
export async function makeComposites(api: SloApi, sloIds: readonly string[], count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const first = (i * MEMBERS) % Math.max(1, sloIds.length - MEMBERS + 1)
    const members = sloIds.slice(first, first + MEMBERS).map((sloId) => ({ sloId, noData: 'bad' }))
    const { service } = await api.ask<{ service: { id: string } }>('GET', `/api/v1/slos/${sloIds[first]}`)
    const sli = { kind: 'composite', combine: 'critical_path', members }
    const [slug, window] = [`journey-${i}`, { kind: 'rolling', days: 30 }]
    await api.ask('POST', '/api/v1/slos', { slug, name: slug, serviceId: service.id, sli, target: 0.99, window })
  }
}
