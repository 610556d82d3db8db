import { isDeepStrictEqual } from 'node:util'
import type { Database } from './client.ts'
import { loadBareDefinitions, loadCompletion, type BareDefinition, type SloDefinition } from './slo-definitions.ts'

/** A statement takes some ten thousand parameters, and objects of all SLOs at once take memory. */
const SLOS_PER_QUERY = 1_000

interface Page {
  /** Stands for the rows of the SLO itself. */
  stamp: string
  bare: BareDefinition
  /** With what stands beside it, as it was handed out last. */
  whole: SloDefinition | undefined
}

/**
 * Everything the evaluator needs to know of all SLOs, kept in memory and read anew only where it changed. PostgreSQL tells by the
 * transaction that wrote each row (xmin), so that nobody who changes an SLO, a rule, a check or a correction has to say so.
 */
export class SloDefinitionBook {
  /** Stands for all rows that definitions are made of. */
  #digest: string | undefined
  readonly #pages = new Map<string, Page>()
  #definitions: readonly SloDefinition[] = []

  /**
   * Every SLO of every workspace that is not archived, at its current version, ordered by id: the same array while nothing
   * changed, and in another one the same object for each SLO that is as it was.
   */
  async read(db: Database): Promise<readonly SloDefinition[]> {
    // Each is asked before what it stands for, so that a change in between is seen at the next call.
    const digest = await readDigest(db)
    if (digest === this.#digest) return this.#definitions
    const stamps = await readStamps(db)
    await this.#refresh(db, stamps)
    const complete = await loadCompletion(db)
    this.#definitions = [...stamps.keys()].flatMap((id) => {
      const page = this.#pages.get(id)
      if (!page) return []
      const definition = complete(page.bare)
      const { whole } = page
      const isAsItWas =
        isDeepStrictEqual(whole?.checkCadence, definition.checkCadence) &&
        isDeepStrictEqual(whole?.corrections, definition.corrections)
      if (!isAsItWas) page.whole = definition
      return page.whole ?? definition
    })
    this.#digest = digest
    return this.#definitions
  }

  async #refresh(db: Database, stamps: ReadonlyMap<string, string>): Promise<void> {
    for (const id of this.#pages.keys()) if (!stamps.has(id)) this.#pages.delete(id)
    const changed = [...stamps].filter(([id, stamp]) => this.#pages.get(id)?.stamp !== stamp).map(([id]) => id)
    for (let i = 0; i < changed.length; i += SLOS_PER_QUERY) {
      const ids = changed.slice(i, i + SLOS_PER_QUERY)
      for (const id of ids) this.#pages.delete(id)
      for (const bare of await loadBareDefinitions(db, ids))
        this.#pages.set(bare.id, { stamp: stamps.get(bare.id) ?? '', bare, whole: undefined })
    }
  }
}

/** One text that changes with any row of the tables that definitions are made of. */
async function readDigest(db: Database): Promise<string> {
  const [row] = await db.$queryRaw<{ digest: string }[]>`
    select concat_ws(' ',
      (select concat(count(*), ':', sum(hashtextextended(concat(id, xmin), 0))) from "Slo"),
      (select concat(count(*), ':', sum(hashtextextended(concat(id, xmin), 0))) from "SloVersion"),
      (select concat(count(*), ':', sum(hashtextextended(concat(id, xmin), 0))) from "AlertRule"),
      (select concat(count(*), ':', sum(hashtextextended(concat(id, xmin), 0))) from "CheckInterval"),
      (select concat(count(*), ':', sum(hashtextextended(concat(id, xmin), 0))) from "Correction")) as digest`
  return row?.digest ?? ''
}

/**
 * The same of each SLO that is not archived, with its versions and rules, ordered by id as Prisma orders. They are joined here: right
 * after thousands were written PostgreSQL knows nothing of its tables yet, and would compare each with each for a minute.
 */
async function readStamps(db: Database): Promise<Map<string, string>> {
  const slos = await db.$queryRaw<{ id: string; stamp: string }[]>`
    select id, xmin::text as stamp from "Slo" where "archivedAt" is null order by id`
  const versions = await db.$queryRaw<Stamp[]>`
    select "sloId", concat(count(*), ':', sum(hashtextextended(concat(id, xmin), 0))) as stamp
    from "SloVersion" group by "sloId"`
  const rules = await db.$queryRaw<Stamp[]>`
    select "sloId", concat(count(*), ':', sum(hashtextextended(concat(id, xmin), 0))) as stamp
    from "AlertRule" group by "sloId"`
  const [ofVersions, ofRules] = [versions, rules].map((rows) => new Map(rows.map(({ sloId, stamp }) => [sloId, stamp])))
  return new Map(
    slos.flatMap(({ id, stamp }) => {
      const version = ofVersions?.get(id)
      return version === undefined ? [] : [[id, `${stamp} ${version} ${ofRules?.get(id) ?? ''}`]]
    }),
  )
}

interface Stamp {
  sloId: string
  stamp: string
}
