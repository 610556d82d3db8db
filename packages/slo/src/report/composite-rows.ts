import { isDeepStrictEqual } from 'node:util'
import { isComposite } from '@nines/contracts'
import type { Span } from '../window-span.ts'
import type { VersionInForce } from './versions-in-force.ts'

/** Versions of a composite that followed each other with the same members, and had an objective at this place. */
export interface CompositeRow extends Span {
  /** From 0. */
  place: number
  versions: VersionInForce[]
}

/** Versions in force one after the other, apart where an SLO began or ceased to be a composite. */
export function stretchesOfKind(inForce: readonly VersionInForce[]): VersionInForce[][] {
  return runsOf(inForce, (a, b) => isComposite(a.version.sli) === isComposite(b.version.sli))
}

/**
 * The rows of a composite in a report. What it comes to is said of one window, and of several of them in no way: so a row is one
 * stretch of time, and an objective that was taken away for a while has a row before and a row after.
 */
export function compositeRows(inForce: readonly VersionInForce[]): CompositeRow[] {
  return runsOf(inForce, (a, b) => isDeepStrictEqual(a.version.sli, b.version.sli)).flatMap((run) => {
    const places = Math.max(...run.map(({ version }) => 1 + version.furtherObjectives.length))
    return Array.from({ length: places }, (_, place) => {
      const has = ({ version }: VersionInForce) => version.furtherObjectives.length >= place
      return runsOf(run, (a, b) => has(a) === has(b))
        .filter(([first]) => first !== undefined && has(first))
        .map((versions) => ({ place, versions, from: versions[0]?.from ?? 0, to: versions.at(-1)?.to ?? 0 }))
    }).flat()
  })
}

/** Neighbours that are alike stand together. */
function runsOf(
  inForce: readonly VersionInForce[],
  isAlike: (a: VersionInForce, b: VersionInForce) => boolean,
): VersionInForce[][] {
  const runs: VersionInForce[][] = []
  for (const one of inForce) {
    const last = runs.at(-1)?.at(-1)
    if (last && isAlike(last, one)) runs.at(-1)?.push(one)
    else runs.push([one])
  }
  return runs
}
