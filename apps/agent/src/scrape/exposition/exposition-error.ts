import { NinesError } from '@nines/kernel'

/** A text that is not in the format it claims, and where it departs from it; both places count from 1. */
export class ExpositionError extends NinesError {
  readonly line: number
  readonly column: number
  constructor(line: number, column: number, problem: string) {
    super('invalid', `line ${line}, column ${column}: ${problem}`)
    this.name = 'ExpositionError'
    this.line = line
    this.column = column
  }
}
