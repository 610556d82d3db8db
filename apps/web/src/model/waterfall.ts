import type { getTrace, ResponseOf } from '@nines/contracts'
import { criticalPath, type Piece } from './critical-path.ts'
import { millisBetween, nanoTime, type NanoTime } from './nano-time.ts'

export type TraceSpan = ResponseOf<typeof getTrace>['spans'][number]

/** A span in its place in the tree; times are milliseconds from the start of the trace. */
export interface WaterfallRow {
  span: TraceSpan
  /** 0 for a root. */
  depth: number
  startMs: number
  durationMs: number
  children: number
  /** Spans below it, at any depth, and how many of those failed. */
  descendants: number
  errorsBelow: number
  /** It names a parent that the trace does not hold. */
  isOrphan: boolean
  /** Where nothing else in the trace was waited for but this span. */
  critical: Piece[]
}

export interface Waterfall {
  /** Depth first, siblings by their start. */
  rows: WaterfallRow[]
  startedAt: NanoTime
  durationMs: number
  /** In the order in which they first appear in `rows`. */
  services: string[]
  errors: number
}

/** Lays a trace out: who called whom, when, and what the whole waited for. The spans may be in any order. */
export function layOutTrace(spans: readonly TraceSpan[]): Waterfall {
  const times = new Map(spans.map((span) => [span, nanoTime(span.startedAt)]))
  const startedAt = [...times.values()].reduce((a, b) => (millisBetween(a, b) < 0 ? b : a), { ms: Infinity, nanos: 0 })
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const nodes = new Map<TraceSpan, Node>()
  for (const span of spans) {
    const startMs = millisBetween(startedAt, times.get(span) ?? startedAt)
    nodes.set(span, { span, startMs, endMs: startMs + span.durationMs, children: [] })
  }
  const roots = linkChildren(nodes, byId)
  const rows = flatten(roots, nodes, byId)
  const pieces = roots[0] === undefined ? new Map<Node, Piece[]>() : criticalPath(roots[0])
  for (const [node, critical] of pieces) rows.get(node)!.critical = critical
  return {
    rows: [...rows.values()],
    startedAt,
    durationMs: [...nodes.values()].reduce((latest, node) => Math.max(latest, node.endMs), 0),
    services: [...new Set([...rows.values()].map(({ span }) => span.service))],
    errors: spans.filter(({ status }) => status === 'error').length,
  }
}

/** Rows on screen when these spans are collapsed. */
export function visibleRows(rows: readonly WaterfallRow[], collapsed: ReadonlySet<string>): WaterfallRow[] {
  const visible: WaterfallRow[] = []
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (row === undefined) break
    visible.push(row)
    if (collapsed.has(row.span.spanId)) i += row.descendants
  }
  return visible
}

/** How long the whole waited for this span alone, ms. */
export function criticalMillis({ critical }: Pick<WaterfallRow, 'critical'>): number {
  return critical.reduce((sum, [from, to]) => sum + to - from, 0)
}

/** Ids of the spans above a row, which must be open for it to be seen. */
export function ancestorIds(rows: readonly WaterfallRow[], spanId: string): string[] {
  const index = rows.findIndex(({ span }) => span.spanId === spanId)
  const ids: string[] = []
  let depth = rows[index]?.depth ?? 0
  for (let i = index - 1; i >= 0 && depth > 0; i--) {
    const row = rows[i]
    if (row === undefined || row.depth >= depth) continue
    ids.push(row.span.spanId)
    depth = row.depth
  }
  return ids
}

interface Node {
  span: TraceSpan
  startMs: number
  endMs: number
  children: Node[]
}

/** Fills in the children of each node; the roots by their start, those whose parent is missing last. */
function linkChildren(nodes: ReadonlyMap<TraceSpan, Node>, byId: ReadonlyMap<string, TraceSpan>): Node[] {
  const roots: Node[] = []
  for (const node of nodes.values()) {
    const parent = byId.get(node.span.parentSpanId)
    if (parent === undefined) roots.push(node)
    else nodes.get(parent)?.children.push(node)
  }
  for (const node of nodes.values()) node.children.sort(byStart)
  return roots.sort((a, b) => Number(isOrphan(a.span, byId)) - Number(isOrphan(b.span, byId)) || byStart(a, b))
}

const byStart = (a: Node, b: Node) => a.startMs - b.startMs || b.endMs - a.endMs

function isOrphan(span: TraceSpan, byId: ReadonlyMap<string, TraceSpan>): boolean {
  return span.parentSpanId !== '' && !byId.has(span.parentSpanId)
}

/** Rows depth first, in the map's order. Spans in a ring of parents, which no sane sender makes, come last. */
function flatten(
  roots: readonly Node[],
  nodes: ReadonlyMap<TraceSpan, Node>,
  byId: ReadonlyMap<string, TraceSpan>,
): Map<Node, WaterfallRow> {
  const rows = new Map<Node, WaterfallRow>()
  const above = new Map<WaterfallRow, WaterfallRow>()
  for (const root of [...roots, ...nodes.values()]) {
    // A stack of its own: traces can be deeper than calls may nest.
    const waiting: { node: Node; parent: WaterfallRow | undefined }[] = [{ node: root, parent: undefined }]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { node, parent } = next
      if (rows.has(node)) continue
      const row = rowOf(node, parent, byId)
      rows.set(node, row)
      if (parent !== undefined) above.set(row, parent)
      for (const child of [...node.children].reverse()) waiting.push({ node: child, parent: row })
    }
  }
  for (const row of [...rows.values()].reverse()) {
    const parent = above.get(row)
    if (parent === undefined) continue
    parent.descendants += row.descendants + 1
    parent.errorsBelow += row.errorsBelow + (row.span.status === 'error' ? 1 : 0)
  }
  return rows
}

function rowOf(
  { span, startMs, children }: Node,
  parent: WaterfallRow | undefined,
  byId: ReadonlyMap<string, TraceSpan>,
): WaterfallRow {
  return {
    span,
    depth: parent === undefined ? 0 : parent.depth + 1,
    startMs,
    durationMs: span.durationMs,
    children: children.length,
    descendants: 0,
    errorsBelow: 0,
    isOrphan: isOrphan(span, byId),
    critical: [],
  }
}
