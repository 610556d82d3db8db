/** Colours of a palette without red, amber and green: those mean states. Defined in theme/traces.css. */
const COLOURS = 8

/**
 * A colour for each service, in the order given and the same for the same order; services beyond the palette begin it
 * again. The name always stands beside its colour.
 */
export function serviceColours(services: Iterable<string>): ReadonlyMap<string, string> {
  const colours = new Map<string, string>()
  for (const service of services) {
    if (!colours.has(service)) colours.set(service, `var(--service-${(colours.size % COLOURS) + 1})`)
  }
  return colours
}
