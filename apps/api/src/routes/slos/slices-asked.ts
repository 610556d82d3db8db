import type { SloDetail } from '@nines/contracts'
import { NinesError } from '@nines/kernel'

/** The instant up to which knowledge counts, epoch ms. One in the future is refused: its answer would change. */
export function knownAt(asOf: string | undefined, now: number): number {
  if (asOf === undefined) return now
  const at = Date.parse(asOf)
  if (at <= now) return at
  const message = 'lies in the future'
  throw new NinesError('invalid', `query/asOf: ${message}`, { issues: [{ path: 'query/asOf', message }] })
}

/** The version of an SLO that was asked for; the newest when none was. */
export function versionOf(
  slo: Pick<SloDetail, 'versions'>,
  version: number | undefined,
): SloDetail['versions'][number] {
  const found = slo.versions.find((one) => version === undefined || one.version === version)
  if (found) return found
  throw new NinesError('not_found', `there is no version ${version} of the SLO`)
}
