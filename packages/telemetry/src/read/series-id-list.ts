import { NinesError } from '@nines/kernel'

/**
 * Series ids as a list for SQL's IN. It stands in the statement itself, because thousands of ids do not fit into the URL
 * that bound parameters travel in; therefore nothing but digits gets through.
 */
export function seriesIdList(ids: readonly string[]): string {
  for (const id of ids) {
    if (!/^\d{1,20}$/.test(id)) throw new NinesError('invalid', `not a series id: ${JSON.stringify(id.slice(0, 40))}`)
  }
  return ids.length === 0 ? 'NULL' : ids.join(',')
}
