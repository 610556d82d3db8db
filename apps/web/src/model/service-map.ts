import type { getServiceGraph, ResponseOf } from '@nines/contracts'

export type ServiceEdge = ResponseOf<typeof getServiceGraph>['edges'][number]

export interface MapNode {
  name: string
  x: number
  y: number
  /** Calls that it answered, and those of them that failed. */
  calls: number
  errors: number
}

export interface MapEdge extends ServiceEdge {
  /** SVG path from the caller's right side to the callee's left. */
  path: string
  /** Where its figures stand. */
  labelX: number
  labelY: number
}

export interface ServiceMapLayout {
  nodes: MapNode[]
  edges: MapEdge[]
  width: number
  height: number
}

export const NODE_WIDTH = 168
export const NODE_HEIGHT = 46
const GAP_X = 128
const GAP_Y = 26
const MARGIN = 12

/**
 * Callers to the left of what they call, in columns; within a column near their callers, so that few lines cross. Of a
 * ring of calls, one leads back to the left.
 */
export function layOutServices(edges: readonly ServiceEdge[]): ServiceMapLayout {
  const columns = columnsOf(edges)
  const depth = Math.max(0, ...columns.map((column) => column.length))
  const height = depth * (NODE_HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN
  const nodes = new Map<string, MapNode>()
  for (const [column, names] of columns.entries()) {
    const top = (height - names.length * (NODE_HEIGHT + GAP_Y) + GAP_Y) / 2
    for (const [row, name] of names.entries()) {
      const incoming = edges.filter(({ server }) => server === name)
      nodes.set(name, {
        name,
        x: MARGIN + column * (NODE_WIDTH + GAP_X),
        y: top + row * (NODE_HEIGHT + GAP_Y),
        calls: incoming.reduce((sum, { calls }) => sum + calls, 0),
        errors: incoming.reduce((sum, { errors }) => sum + errors, 0),
      })
    }
  }
  return {
    nodes: [...nodes.values()],
    edges: edges.flatMap((edge) => drawEdge(edge, nodes.get(edge.client), nodes.get(edge.server))),
    width: columns.length * (NODE_WIDTH + GAP_X) - GAP_X + 2 * MARGIN,
    height: Math.max(height, 0),
  }
}

function drawEdge(edge: ServiceEdge, from: MapNode | undefined, to: MapNode | undefined): MapEdge[] {
  if (from === undefined || to === undefined || from === to) return []
  const [x1, y1] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2]
  const [x2, y2] = [to.x, to.y + NODE_HEIGHT / 2]
  const bend = Math.max(GAP_X / 2, Math.abs(x2 - x1) / 2)
  const path = `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
  return [{ ...edge, path, labelX: (x1 + x2) / 2, labelY: (y1 + y2) / 2 }]
}

/** Names by column: one more than the deepest caller's, calls that lead back in a ring aside. */
function columnsOf(edges: readonly ServiceEdge[]): string[][] {
  const callees = new Map<string, string[]>()
  const called = new Set<string>()
  for (const { client, server } of edges) {
    if (client === server) continue
    callees.set(client, [...(callees.get(client) ?? []), server])
    called.add(server)
  }
  const names = [...new Set(edges.flatMap(({ client, server }) => [client, server]))].sort()
  // Those that nobody calls first; then whatever a ring left over.
  const order = [...names.filter((name) => !called.has(name)), ...names]
  const column = new Map<string, number>()
  const finished: string[] = []
  const forward: [string, string][] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (name: string): void => {
    state.set(name, 'open')
    for (const callee of callees.get(name) ?? []) {
      if (state.get(callee) === 'open') continue
      forward.push([name, callee])
      if (!state.has(callee)) visit(callee)
    }
    state.set(name, 'done')
    finished.push(name)
  }
  for (const name of order) if (!state.has(name)) visit(name)
  for (const name of finished.reverse()) {
    const callers = forward.filter(([, callee]) => callee === name).map(([caller]) => column.get(caller) ?? 0)
    column.set(name, callers.length === 0 ? 0 : Math.max(...callers) + 1)
  }
  return byCallers(names, column, forward)
}

function byCallers(
  names: readonly string[],
  column: ReadonlyMap<string, number>,
  forward: readonly (readonly [string, string])[],
): string[][] {
  const columns: string[][] = []
  for (const name of names) (columns[column.get(name) ?? 0] ??= []).push(name)
  const row = new Map<string, number>()
  for (const own of columns) {
    const pull = (name: string) => {
      const callers = forward.filter(([, callee]) => callee === name).map(([caller]) => row.get(caller) ?? 0)
      return callers.reduce((sum, at) => sum + at, 0) / Math.max(1, callers.length)
    }
    const pulls = new Map(own.map((name) => [name, pull(name)]))
    own.sort((a, b) => (pulls.get(a) ?? 0) - (pulls.get(b) ?? 0))
    for (const [index, name] of own.entries()) row.set(name, index)
  }
  return columns
}
