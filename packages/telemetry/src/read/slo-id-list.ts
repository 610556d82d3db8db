import { NinesError } from '@nines/kernel'

const SAFE = /^[\w-]{1,64}$/

/**
 * Ids of SLOs as a list for SQL's IN. It stands in the statement itself, because hundreds of ids do not fit into the URL that bound
 * parameters travel in; therefore nothing but the characters of ids gets through.
 */
export function sloIdList(ids: readonly string[]): string {
  return ids.length === 0 ? "''" : ids.map(sloIdText).join(',')
}

/** One id as a text of SQL. */
export function sloIdText(id: string): string {
  if (!SAFE.test(id)) throw new NinesError('invalid', `not an id of an SLO: ${JSON.stringify(id.slice(0, 40))}`)
  return `'${id}'`
}
