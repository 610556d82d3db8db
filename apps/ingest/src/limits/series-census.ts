import type { SeriesSnapshot } from '@nines/pipeline'
import type { MetricReader } from '@nines/wire'

/** What this process knows of the series of the workspaces that sent it metrics. */
export class SeriesCensus {
  readonly #metrics: Pick<MetricReader, 'statistics'>
  /** Numbers by id. */
  readonly #workspaces = new Map<string, number>()

  constructor(metrics: Pick<MetricReader, 'statistics'>) {
    this.#metrics = metrics
  }

  /** The workspace sent metrics. */
  note(workspaceId: string, workspaceNumber: number): void {
    this.#workspaces.set(workspaceId, workspaceNumber)
  }

  /** A snapshot of each workspace at the instant; one without active series is told once and then forgotten. */
  take(now: number): [workspaceId: string, SeriesSnapshot][] {
    return Array.from(this.#workspaces, ([workspaceId, number]) => {
      const { activeSeries, topMetrics, topLabels } = this.#metrics.statistics(number, now)
      if (activeSeries === 0) this.#workspaces.delete(workspaceId)
      return [workspaceId, { measuredAt: new Date(now).toISOString(), activeSeries, topMetrics, topLabels }]
    })
  }
}
