/** A span of time in which alerts page nobody. Both ids null: the whole workspace; both set: both must match. */
export interface Silence {
  id: string
  serviceId: string | null
  sloId: string | null
  /** Half-open [startsAt, endsAt), epoch ms. */
  startsAt: number
  endsAt: number
}

export interface SilenceSubject {
  serviceId: string
  sloId: string
}

/**
 * Silences that keep an alert from paging at `now`, the one that ends last first. A silence suppresses the page only:
 * evaluation, incident, resolution and the notice of it go on.
 */
export function matchingSilences<S extends Silence>(silences: readonly S[], subject: SilenceSubject, now: number): S[] {
  return silences
    .filter((s) => s.startsAt <= now && now < s.endsAt)
    .filter((s) => s.serviceId === null || s.serviceId === subject.serviceId)
    .filter((s) => s.sloId === null || s.sloId === subject.sloId)
    .toSorted((a, b) => b.endsAt - a.endsAt)
}
