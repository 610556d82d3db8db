import type { CorrectedSpan, OwnSli } from '@nines/contracts'
import { CorrectedMinutes } from '../corrected-minutes.ts'
import type { MinuteSeries } from '../minute-series.ts'
import { countedMinutes } from '../time-slices.ts'
import type { DenseMinutes } from './dense-minutes.ts'

/** The minutes of one version of an SLO that composites are made of, in each way that somebody asks for. */
export class MemberMinutes {
  /** As they are stored. */
  readonly stored: DenseMinutes
  readonly #sli: OwnSli
  readonly #corrected: readonly CorrectedSpan[]
  readonly #endedBy: number
  #series: MinuteSeries | undefined

  /** `corrected` are the SLO's own corrections, as correctedSpans gives them. */
  constructor(
    stored: DenseMinutes,
    { sli, corrected, endedBy }: { sli: OwnSli; corrected: readonly CorrectedSpan[]; endedBy: number },
  ) {
    this.stored = stored
    this.#sli = sli
    this.#corrected = corrected
    this.#endedBy = endedBy
  }

  /** As the SLI and its own corrections have them count. */
  get series(): MinuteSeries {
    this.#series ??= countedMinutes(this.#sli, asCorrected(this.stored, this.#corrected), this.#endedBy)
    return this.#series
  }

  /** As the SLI would have them count if nobody had corrected them. */
  uncorrected(): MinuteSeries {
    return this.#corrected.length === 0 ? this.series : countedMinutes(this.#sli, this.stored, this.#endedBy)
  }
}

/** A series as corrections make it. */
export function asCorrected(minutes: MinuteSeries, spans: readonly CorrectedSpan[]): MinuteSeries {
  return spans.length === 0 ? minutes : new CorrectedMinutes(minutes, spans)
}
