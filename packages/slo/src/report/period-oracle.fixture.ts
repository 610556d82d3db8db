/** A stored slice as a test makes it up. Minutes are counted from the start of the world. */
export interface OracleSlice {
  version: number
  minute: number
  good: number
  total: number
  /** When it became known. */
  revision: number
}

export interface OracleWorld {
  slices: OracleSlice[]
  /** Each version's first minute, its target in thousandths, and the length of its slices of time; 0 counts events. */
  versions: { since: number; thousandths: number; sliceMinutes: number }[]
  /** In minutes, which may be fractions; the end is not part of it. */
  corrections: { from: number; to: number; effect: 'exclude' | 'good' }[]
  /** The period, and what was known when. */
  from: number
  to: number
  asOf: number
}

export interface OracleRow {
  versions: number[]
  good: number
  total: number
  result: 'met' | 'missed' | 'undefined'
  /** Bad events that were allowed, in thousandths. */
  allowedThousandths: number
  measured: number
  excluded: number
}

/** A slice of time is good from this ratio on. */
export const ORACLE_SLICE_TARGET = 0.9

/**
 * Test oracle of a report's rows, written apart from the engine and as plainly as possible: it looks at every minute of the period by
 * itself, asks which version held, looks for that version's newest known slice and for corrections, and adds up integers.
 */
export function oracleRows(world: OracleWorld): OracleRow[] {
  const rows: (OracleRow & { kind: number })[] = []
  for (let minute = world.from; minute < world.to; minute++) {
    let number = 1
    for (let v = 2; v <= world.versions.length; v++) if ((world.versions[v - 1]?.since ?? 0) <= minute) number = v
    const version = world.versions[number - 1]
    if (!version) continue
    let row = rows.at(-1)
    if (!row || row.kind !== version.sliceMinutes) {
      row = { kind: version.sliceMinutes, versions: [], ...EMPTY }
      rows.push(row)
    }
    if (row.versions.at(-1) !== number) row.versions = [...row.versions, number]
    const stored = newest(world, number, minute)
    if (stored) row.measured++
    if (stored && effectOf(world, minute) === 'exclude') row.excluded++
    const [good, total] = worthOf(world, number, minute)
    row.good += good
    row.total += total
    row.allowedThousandths += (1000 - version.thousandths) * total
  }
  return rows.map(({ kind: _kind, ...row }) => {
    if (row.total === 0) return row
    const isMet = (row.total - row.good) * 1000 <= row.allowedThousandths
    return { ...row, result: isMet ? ('met' as const) : ('missed' as const) }
  })
}

const EMPTY = { good: 0, total: 0, result: 'undefined' as const, allowedThousandths: 0, measured: 0, excluded: 0 }

/** What stands in a minute: its own events, or the slice of time that ends with it. */
function worthOf(world: OracleWorld, number: number, minute: number): [good: number, total: number] {
  const size = world.versions[number - 1]?.sliceMinutes ?? 0
  if (size === 0) return correctedCounts(world, number, minute)
  if ((minute + 1) % size !== 0) return [0, 0]
  let [good, total] = [0, 0]
  for (let part = minute - size + 1; part <= minute; part++) {
    const counts = correctedCounts(world, number, part)
    good += counts[0]
    total += counts[1]
  }
  return total === 0 ? [0, 0] : [good / total >= ORACLE_SLICE_TARGET ? 1 : 0, 1]
}

function correctedCounts(world: OracleWorld, number: number, minute: number): [good: number, total: number] {
  const stored = newest(world, number, minute)
  const effect = effectOf(world, minute)
  if (!stored || effect === 'exclude') return [0, 0]
  return [effect === 'good' ? stored.total : stored.good, stored.total]
}

function newest(world: OracleWorld, number: number, minute: number): OracleSlice | undefined {
  let found: OracleSlice | undefined
  for (const slice of world.slices)
    if (slice.version === number && slice.minute === minute && slice.revision <= world.asOf)
      if (!found || slice.revision > found.revision) found = slice
  return found
}

function effectOf({ corrections }: OracleWorld, minute: number): 'exclude' | 'good' | null {
  const covering = corrections.filter(({ from, to }) => from < to && from < minute + 1 && to > minute)
  if (covering.some(({ effect }) => effect === 'exclude')) return 'exclude'
  return covering.length > 0 ? 'good' : null
}
