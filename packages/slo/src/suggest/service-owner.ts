import { compileSelector, type LabelMatcher, type Labels, type SeriesDefinition } from '@nines/contracts'

/** A series of the store with the times of its first and latest announcement, epoch ms. */
export interface SeenSeries extends SeriesDefinition {
  firstSeen: number
  lastSeen: number
}

/** Labels that name the service a series belongs to; the first that is there and not empty counts. */
export const OWNER_LABELS = ['service.name', 'service_name', 'service', 'job'] as const

/** Services as people write them: `Payment API`, `payment-api` and `payment_api` are one. */
export function normalName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

/** The label that says whose a series is, and the service's name in it; null where none does. */
export function ownerOf(labels: Labels): { label: string; value: string; name: string } | null {
  for (const label of OWNER_LABELS) {
    const value = labels[label]
    if (value === undefined || value === '') continue
    // OpenTelemetry's translation to Prometheus writes a job as namespace/name.
    const own = label === 'job' ? value.slice(value.lastIndexOf('/') + 1) : value
    return { label, value, name: normalName(own) }
  }
  return null
}

export interface OwnSelection {
  /** Conditions that mean series of the service and of no other. */
  matchers: LabelMatcher[]
  /** What they mean today. */
  series: SeenSeries[]
}

/**
 * Conditions on labels that single out the service's series of one metric among `all` of them that bear one of its names in
 * any of the labels; null where it has none or no condition can. Where series of one service name it by different labels,
 * those of the label with the most of them are meant.
 */
export function selectOwn(all: readonly SeenSeries[], names: ReadonlySet<string>): OwnSelection | null {
  const isOwn = ({ labels }: SeenSeries) => names.has(ownerOf(labels)?.name ?? '')
  const byLabel = new Map<string, Set<string>>()
  const counts = new Map<string, number>()
  for (const { labels } of all.filter(isOwn)) {
    const owner = ownerOf(labels)
    if (!owner) continue
    byLabel.set(owner.label, (byLabel.get(owner.label) ?? new Set()).add(owner.value))
    counts.set(owner.label, (counts.get(owner.label) ?? 0) + 1)
  }
  const [label] = [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0] ?? []
  if (label === undefined) return null
  const named = anyOf(label, [...(byLabel.get(label) ?? [])])
  // Where another service's series bear the name too (a job that runs several services), what names those must be missing.
  const higher = OWNER_LABELS.slice(0, OWNER_LABELS.indexOf(label as (typeof OWNER_LABELS)[number]))
  const unnamed = higher.map((one): LabelMatcher => ({ label: one, op: '=', value: '' }))
  for (const matchers of [[named], [named, ...unnamed]]) {
    const matches = compileSelector({ metric: '', matchers })
    const series = all.filter((one) => matches(one.labels))
    if (series.every(isOwn)) return { matchers, series }
  }
  return null
}

/** A condition that a label has one of the values. */
export function anyOf(label: string, values: readonly string[]): LabelMatcher {
  const sorted = values.toSorted()
  if (sorted.length === 1) return { label, op: '=', value: sorted[0]! }
  return { label, op: '=~', value: sorted.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|') }
}

/** Names by which these series call the services of the given names, as they are written. */
export function ownerNamesOf(all: readonly SeenSeries[], names: ReadonlySet<string>): string[] {
  const owners = all.map(({ labels }) => ownerOf(labels)).filter((owner) => owner !== null && names.has(owner.name))
  return [...new Set(owners.map((owner) => owner?.value ?? ''))].toSorted()
}
