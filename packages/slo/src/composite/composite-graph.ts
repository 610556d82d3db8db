import { isComposite, MOST_COMPOSITE_DEPTH, type SliSpec, type SloWindow } from '@nines/contracts'

/** SLOs by id, as far as composites are concerned. */
export interface CompositeNode {
  id: string
  sli: SliSpec
}

/** Ids of the members by id of the composite. */
export type CompositeGraph = ReadonlyMap<string, readonly string[]>

export function compositeGraph(nodes: Iterable<CompositeNode>): CompositeGraph {
  return new Map(
    Array.from(nodes).flatMap(({ id, sli }) =>
      isComposite(sli) ? [[id, sli.members.map((member) => member.sloId)] as const] : [],
    ),
  )
}

/** A way from a composite over members back to itself (its first id comes again at the end); null without one. */
export function cycleThrough(graph: CompositeGraph, id: string): string[] | null {
  const seen = new Set<string>()
  const follow = (from: string, path: string[]): string[] | null => {
    for (const member of graph.get(from) ?? []) {
      if (member === id) return [...path, member]
      if (seen.has(member)) continue
      seen.add(member)
      const found = follow(member, [...path, member])
      if (found) return found
    }
    return null
  }
  return follow(id, [id])
}

/** The longest way down from any SLO through the one with this id that is longer than allowed; null where none is. */
export function tooDeepThrough(graph: CompositeGraph, id: string, most = MOST_COMPOSITE_DEPTH): string[] | null {
  const above = longestPath(parentsOf(graph), id).toReversed()
  const path = [...above, ...longestPath(graph, id).slice(1)]
  return path.length - 1 > most ? path : null
}

function parentsOf(graph: CompositeGraph): CompositeGraph {
  const parents = new Map<string, string[]>()
  for (const [id, members] of graph) {
    for (const member of members) parents.set(member, [...(parents.get(member) ?? []), id])
  }
  return parents
}

/** In a graph without cycles. */
function longestPath(graph: CompositeGraph, id: string, known = new Map<string, string[]>()): string[] {
  const found = known.get(id)
  if (found) return found
  let longest: string[] = []
  for (const member of graph.get(id) ?? []) {
    const path = longestPath(graph, member, known)
    if (path.length > longest.length) longest = path
  }
  const path = [id, ...longest]
  known.set(id, path)
  return path
}

/** Composites after everything that they are made of, by id; those of a cycle, which nobody can write, are left out. */
export function membersFirst(graph: CompositeGraph): string[] {
  const order = new Set<string>()
  const visit = (id: string): void => {
    const members = graph.get(id)
    if (!members || order.has(id) || cycleThrough(graph, id)) return
    for (const member of members) visit(member)
    order.add(id)
  }
  for (const id of graph.keys()) visit(id)
  return [...order]
}

/**
 * For every SLO that is in a composite or is one, the least id of all that are connected with it: what belongs together is
 * evaluated in one place.
 */
export function groupsOf(graph: CompositeGraph): Map<string, string> {
  const group = new Map<string, string>()
  const rootOf = (id: string): string => {
    const parent = group.get(id) ?? id
    return parent === id ? id : rootOf(parent)
  }
  for (const [id, members] of graph) {
    for (const member of members) {
      const [a, b] = [rootOf(id), rootOf(member)].sort() as [string, string]
      group.set(a, a).set(b, a)
    }
  }
  return new Map([...group.keys()].map((id) => [id, rootOf(id)]))
}

/** The windows of all composites above each SLO: its minutes are needed for so long. */
export function windowsAbove(
  graph: CompositeGraph,
  windowsOf: (id: string) => readonly SloWindow[],
): Map<string, SloWindow[]> {
  const above = new Map<string, SloWindow[]>()
  for (const id of membersFirst(graph).toReversed()) {
    const windows = [...windowsOf(id), ...(above.get(id) ?? [])]
    for (const member of graph.get(id) ?? []) above.set(member, [...(above.get(member) ?? []), ...windows])
  }
  return above
}
