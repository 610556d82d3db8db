import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'
import type { FileTime } from './suite-result.ts'

/** Where the times go, as JSON. */
export const FILE_TIMES_VARIABLE = 'NINES_FILE_TIMES'

/** A reporter for Vitest: what each file took from its worker's start on. Vitest's own JSON leaves imports and hooks out. */
// oxlint-disable-next-line import/no-default-export -- where Vitest looks for a reporter
export default class FileTimesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const output = process.env[FILE_TIMES_VARIABLE]
    if (output) writeFileSync(output, JSON.stringify(modules.map(timeOf)))
  }
}

function timeOf(module: TestModule): FileTime {
  const { environmentSetupDuration, prepareDuration, setupDuration, collectDuration, duration } = module.diagnostic()
  const ms = environmentSetupDuration + prepareDuration + setupDuration + collectDuration + duration
  return { file: module.relativeModuleId, seconds: ms / 1000 }
}
