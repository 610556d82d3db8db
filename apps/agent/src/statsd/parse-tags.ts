/** Name and value of a label. */
export type Tag = readonly [name: string, value: string]

/** A tag without a value; an empty one would say that the label is absent. */
const NO_VALUE = 'true'

/**
 * Tags of `#k:v,k2`, sorted by name, so that senders that order them differently mean one series. A tag that is there
 * several times has its distinct values joined by commas: a label has one value, and none may be lost.
 */
export function parseTags(text: string): Map<string, string> {
  const values = new Map<string, Set<string>>()
  for (const tag of text.split(',')) {
    if (tag === '') continue
    const colon = tag.indexOf(':')
    const name = colon < 0 ? tag : tag.slice(0, colon)
    if (name === '') continue
    const value = colon < 0 || colon === tag.length - 1 ? NO_VALUE : tag.slice(colon + 1)
    const known = values.get(name)
    if (known) known.add(value)
    else values.set(name, new Set([value]))
  }
  return new Map([...values].map(([name, set]) => [name, [...set].sort().join(',')]))
}

/** The tags in the order that identifies a series. */
export function sortedTags(tags: ReadonlyMap<string, string>): Tag[] {
  return [...tags].sort(([a], [b]) => (a < b ? -1 : 1))
}
