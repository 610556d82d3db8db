import type { CorrectedSpan, OwnSli } from '@nines/contracts'
import { isTimeSlices } from '../time-slices.ts'
import type { DenseMinutes } from './dense-minutes.ts'
import { denseSlices } from './dense-slices.ts'

/** The minutes of one version of an SLO that composites are made of, in each way that somebody asks for. */
export class MemberMinutes {
  /** As they are stored. */
  readonly stored: DenseMinutes
  readonly #sli: OwnSli
  readonly #corrected: readonly CorrectedSpan[]
  readonly #endedBy: number
  #counted: DenseMinutes | undefined

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

  /** As the SLI and its own corrections have them count: worked out once, for every composite that it is in. */
  get counted(): DenseMinutes {
    this.#counted ??= this.#count(this.stored.corrected(this.#corrected))
    return this.#counted
  }

  /** As the SLI would have them count if nobody had corrected them. */
  uncorrected(): DenseMinutes {
    return this.#corrected.length === 0 ? this.counted : this.#count(this.stored)
  }

  #count(minutes: DenseMinutes): DenseMinutes {
    return isTimeSlices(this.#sli) ? denseSlices(this.#sli, minutes, this.#endedBy) : minutes
  }
}
