import type { LoadedComposite } from './load-composite.ts'
import type { ChangeSpan, IncidentSpan } from './slo-causes.ts'

interface SloOfCauses {
  id: string
  workspaceId: string
  serviceId: string
  target: number
}

type Causes = [incidents: IncidentSpan[], changes: ChangeSpan[]]

/**
 * What may have spent the budget of an SLO; of a composite also what may have spent that of the SLOs below it: the
 * incidents of their alerts and the changes of their services. One that is known by several of them stands once, and
 * answers for all of its time.
 */
export async function causesBelow(
  composite: LoadedComposite | null,
  slo: SloOfCauses,
  causesOf: (slo: SloOfCauses) => Promise<Causes>,
): Promise<Causes> {
  const { workspaceId } = slo
  const below = (composite?.members ?? []).flatMap((member) =>
    member.below.map(({ id, service, target }) => ({
      id,
      workspaceId,
      serviceId: service.id,
      target,
    })),
  )
  const found: Causes[] = []
  for (const one of new Map([slo, ...below].map((each) => [each.id, each])).values()) found.push(await causesOf(one))
  return [joined(found.map(([incidents]) => incidents)), joined(found.map(([, changes]) => changes))]
}

/** Of spans with one id one, over the time of all of them. */
export function joined<T extends { id: string; from: number; to: number }>(lists: readonly T[][]): T[] {
  const known = new Map<string, T>()
  for (const one of lists.flat()) {
    const before = known.get(one.id)
    known.set(
      one.id,
      before ? { ...before, from: Math.min(before.from, one.from), to: Math.max(before.to, one.to) } : one,
    )
  }
  return [...known.values()]
}
