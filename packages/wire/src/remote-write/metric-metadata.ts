import { RecentMap } from '../recent-map.ts'

/** What remote write 1.0 says of a family of metrics, in messages apart from its series. */
export interface FamilyMetadata {
  unit: string
  description: string
}

const NONE: FamilyMetadata = { unit: '', description: '' }
const PART = /_(count|sum|bucket)$/

/** Remembers units and descriptions of metrics by workspace, for the definitions of series that are announced later. */
export class MetricMetadata {
  readonly #families: RecentMap<string, FamilyMetadata>

  constructor(limit = 20_000) {
    this.#families = new RecentMap(limit)
  }

  set(workspace: number, family: string, metadata: FamilyMetadata): void {
    this.#families.set(`${workspace};${family}`, metadata)
  }

  /** Metadata of the metric, or of the histogram or summary that it is a part of. */
  get(workspace: number, metric: string): FamilyMetadata {
    const own = this.#families.get(`${workspace};${metric}`)
    if (own || !PART.test(metric)) return own ?? NONE
    return this.#families.get(`${workspace};${metric.replace(PART, '')}`) ?? NONE
  }
}
