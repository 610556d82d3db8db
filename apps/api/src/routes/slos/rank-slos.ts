import type { DataState, SloName, SloSort, SloStanding } from '@nines/contracts'

const STATE_RANK: Record<DataState, number> = { bad: 0, unmeasured: 1, idle: 2, good: 3 }

export interface Ranking {
  /** Left out: as they come. */
  sort?: SloSort | undefined
  direction: 'asc' | 'desc'
  /** Words that the names of the SLO and its service have to hold. */
  search?: string | undefined
}

/**
 * Those of the SLOs that are looked for, in order. What is not known comes last either way, and those that are alike stay in the order
 * they came in.
 */
export function rankSlos(
  slos: readonly SloName[],
  standings: ReadonlyMap<string, SloStanding>,
  { sort, direction, search }: Ranking,
): SloName[] {
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const found = slos.filter((slo) => {
    const text = `${slo.name} ${slo.service.name}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  if (sort === undefined) return found
  const sign = direction === 'asc' ? 1 : -1
  if (sort === 'name') {
    const { compare } = new Intl.Collator('en')
    return found.toSorted((a, b) => sign * compare(a.name, b.name))
  }
  const keyOf = KEYS[sort]
  const keyed = found.map((slo) => ({ slo, key: keyOf(slo, standings.get(slo.id)) }))
  return keyed
    .toSorted((a, b) =>
      a.key === null || b.key === null ? Number(a.key === null) - Number(b.key === null) : sign * (a.key - b.key),
    )
    .map(({ slo }) => slo)
}

type Known = SloStanding | undefined

const KEYS: Record<Exclude<SloSort, 'name'>, (slo: SloName, standing: Known) => number | null> = {
  target: ({ target }) => target,
  state: (_, standing) => STATE_RANK[standing?.state ?? 'unmeasured'],
  sli: (_, standing) => standing?.sli ?? null,
  budget: (_, standing) => standing?.budgetRemaining ?? null,
  burn: (_, standing) => standing?.burn1h ?? null,
  exhaustion: (_, standing) => standing?.exhaustionSeconds ?? null,
}
