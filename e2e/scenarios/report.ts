import { messageOf } from '@nines/kernel'

/** Counts and prints the steps of a scenario. A step that throws fails and ends the scenario. */
export class Report {
  passed = 0
  failed = 0
  readonly #startedAt = Date.now()

  async step<T>(what: string, run: () => Promise<T>): Promise<T> {
    const from = Date.now()
    try {
      const value = await run()
      this.passed += 1
      this.#print('ok  ', what, from)
      return value
    } catch (error) {
      this.failed += 1
      this.#print('FAIL', `${what}: ${messageOf(error)}`, from)
      throw error
    }
  }

  note(text: string): void {
    this.#print('    ', text, Date.now())
  }

  #print(mark: string, text: string, from: number): void {
    const at = ((Date.now() - this.#startedAt) / 1000).toFixed(1).padStart(6)
    console.log(
      `${at} s ${mark} ${text}${Date.now() - from > 1000 ? ` (${((Date.now() - from) / 1000).toFixed(1)} s)` : ''}`,
    )
  }
}

export interface ScenarioOptions {
  /** For those that repeat with chosen randomness. */
  seeds: [number, number] | undefined
  /** Options of the command line by name. */
  values: Record<string, string | undefined>
}

/** A whole-flow or fault run on a stack of its own. */
export interface Scenario {
  name: string
  about: string
  run(report: Report, options: ScenarioOptions): Promise<void>
}
