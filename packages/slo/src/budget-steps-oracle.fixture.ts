import type { BudgetReading } from '@nines/contracts'

interface OracleTerms {
  thresholds: readonly number[]
  margin: number
  objective: number | null
}

/**
 * What crossings there must be, worked out apart from the engine: for every objective and threshold its own little story, told
 * over the readings that count, as `[at, objective, threshold, kind]`.
 */
export function oracleCrossings(arrivals: readonly BudgetReading[], terms: OracleTerms): string[] {
  const counted: BudgetReading[] = []
  for (const reading of arrivals) {
    const last = counted.at(-1)
    if (last && (reading.at <= last.at || reading.version < last.version)) continue
    counted.push(reading)
  }
  const told: string[] = []
  for (let objective = 0; objective < 8; objective++) {
    if (terms.objective !== null && terms.objective !== objective) continue
    for (const threshold of terms.thresholds) told.push(...story(counted, objective, threshold, terms.margin))
  }
  return told.toSorted()
}

function story(readings: readonly BudgetReading[], objective: number, threshold: number, margin: number): string[] {
  const lines: string[] = []
  const tell = (at: number, kind: string) => lines.push([at, objective, threshold, kind].join(' '))
  let since = Number.NaN
  for (const reading of readings) {
    const one = reading.objectives.find((candidate) => candidate.objective === objective)
    const isIn = !Number.isNaN(since)
    if (!one) {
      if (isIn) tell(reading.at, 'left objective')
      since = Number.NaN
      continue
    }
    let isStillIn = isIn
    if (isIn && one.window.kind === 'calendar' && since < one.from) {
      tell(one.from, 'left period')
      isStillIn = false
    }
    if (one.budgetRemaining !== null && reading.isMeasured) {
      const isFarAbove = one.budgetRemaining - margin > threshold || one.budgetRemaining === 1
      if (isStillIn && isFarAbove) {
        tell(reading.at, 'left budget')
        isStillIn = false
      } else if (!isStillIn && !(one.budgetRemaining > threshold)) {
        tell(reading.at, 'entered budget')
        since = reading.at
        isStillIn = true
      }
    }
    if (!isStillIn) since = Number.NaN
  }
  return lines
}
