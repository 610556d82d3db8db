import { isComposite, type SliSpec } from '@nines/contracts'
import { whereOf, type DesiredSlo, type PlannedCode } from '@nines/openslo'
import { compositeGraph, cycleThrough, membersFirst } from '@nines/slo'

type PlannedSlo = PlannedCode['slos'][number]

const isWritten = ({ change }: PlannedSlo) => change.action === 'create' || change.action === 'update'

/** Composites after their members, whatever the order of the files; what is removed goes before what it is made of. */
export function inWritingOrder(
  slos: readonly PlannedSlo[],
  live: readonly { id: string; sli: SliSpec }[],
): PlannedSlo[] {
  const order = membersFirst(compositeGraph(slos.flatMap(({ desired }) => (desired ? [nodeOf(desired)] : []))))
  const rank = ({ change, desired }: PlannedSlo) =>
    desired && isComposite(desired.sli) ? order.indexOf(change.slug) + 1 : 0
  const kept = slos.filter(({ change }) => change.action !== 'remove')
  const removed = slos.filter(({ change }) => change.action === 'remove')
  const goes = membersFirst(compositeGraph(live)).toReversed()
  const place = ({ change }: PlannedSlo) => {
    const found = goes.indexOf(change.id ?? '')
    return found === -1 ? goes.length : found
  }
  return [...kept.toSorted((a, b) => rank(a) - rank(b)), ...removed.toSorted((a, b) => place(a) - place(b))]
}

/** What is wrong with members that code names by slug: unknown ones, and circles. */
export function compositeIssues(
  planned: readonly PlannedSlo[],
  live: readonly { slug: string; sli: SliSpec }[],
): { path: string; message: string }[] {
  const nodes = new Map(live.map((slo) => [slo.slug, nodeOf(slo)]))
  for (const { change, desired } of planned) {
    if (change.action === 'remove') nodes.delete(change.slug)
    else if (desired) nodes.set(desired.slug, nodeOf(desired))
  }
  const graph = compositeGraph(nodes.values())
  const needed = planned.flatMap(({ change }) => {
    const [user] = [...graph].find(([, members]) => members.includes(change.slug)) ?? []
    if (change.action !== 'remove' || user === undefined) return []
    return [{ path: change.slug, message: `cannot be removed: it is a member of the composite SLO "${user}"` }]
  })
  const wrong = planned.filter(isWritten).flatMap(({ desired, source }) => {
    if (!desired || !source || !isComposite(desired.sli)) return []
    const where = whereOf(source.raw.at([], ''))
    const unknown = desired.sli.members.flatMap(({ sloId }, i) =>
      nodes.has(sloId) ? [] : [{ path: `${where} sli/members/${i}/sloId`, message: `there is no SLO "${sloId}"` }],
    )
    const circle = cycleThrough(graph, desired.slug)
    const message = `leads back to this SLO: ${circle?.join(' → ')}`
    return circle ? [...unknown, { path: `${where} sli/members`, message }] : unknown
  })
  return [...needed, ...wrong]
}

const nodeOf = ({ slug, sli }: Pick<DesiredSlo, 'slug' | 'sli'>) => ({ id: slug, sli })
