import { parseArgs } from 'node:util'
import { messageOf } from '@nines/kernel'
import { Report, type Scenario } from './report.ts'

/**
 * Runs one scenario from the command line; closes with `N passed, N failed` and exits by it. `flags` names options
 * with a value that this scenario takes beside `--seeds`.
 */
export async function runScenario(scenario: Scenario, flags: readonly string[] = []): Promise<void> {
  const options = Object.fromEntries(['seeds', ...flags].map((name) => [name, { type: 'string' as const }]))
  const values: Record<string, string | undefined> = parseArgs({ options }).values
  const report = new Report()
  console.log(`${scenario.name}: ${scenario.about}`)
  try {
    await scenario.run(report, { seeds: parseSeeds(values.seeds), values })
  } catch (error) {
    // A failed step has printed itself; anything else failed outside of one.
    if (report.failed === 0) {
      report.failed += 1
      console.log(`FAIL ${messageOf(error)}`)
    }
    if (process.env.NINES_E2E_TRACE) console.log(error)
  }
  console.log(`${report.passed} passed, ${report.failed} failed`)
  process.exit(report.failed === 0 ? 0 : 1)
}

function parseSeeds(text: string | undefined): [number, number] | undefined {
  if (text === undefined) return undefined
  const match = /^(\d+)\.\.(\d+)$/.exec(text)
  if (match === null || Number(match[1]) > Number(match[2]))
    throw new Error(`--seeds takes A..B, such as 1..20, not ${text}`)
  return [Number(match[1]), Number(match[2])]
}
