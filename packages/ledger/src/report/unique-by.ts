/** Of items with one key the first. */
export function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const known = new Map<string, T>()
  for (const item of items) if (!known.has(keyOf(item))) known.set(keyOf(item), item)
  return [...known.values()]
}
