/** [from, to) in ms. */
export type Piece = [from: number, to: number]

interface Timed<T> {
  startMs: number
  endMs: number
  children: T[]
}

/**
 * Which span the whole waited for at each moment of a root's time: going back from its end, the child that finished last,
 * and the span itself where no child was running that it could have waited for (as Jaeger and "The Mystery Machine",
 * OSDI 2014, have it). What a child does after its parent ended delays nobody.
 */
export function criticalPath<T extends Timed<T>>(root: T): Map<T, Piece[]> {
  const pieces = new Map<T, Piece[]>()
  const add = (node: T, from: number, to: number) => {
    if (to > from) pieces.set(node, [[from, to], ...(pieces.get(node) ?? [])])
  }
  const waiting = [{ node: root, from: root.startMs, to: root.endMs }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, from, to } = next
    let cursor = to
    for (const child of [...node.children].sort((a, b) => b.endMs - a.endMs)) {
      const end = Math.min(child.endMs, to)
      const start = Math.max(child.startMs, from)
      // One that ended after what follows it began was not waited for.
      if (end > cursor || start >= end) continue
      add(node, end, cursor)
      waiting.push({ node: child, from: start, to: end })
      cursor = start
    }
    add(node, from, cursor)
  }
  return pieces
}
