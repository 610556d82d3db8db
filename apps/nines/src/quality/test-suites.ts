import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inCheckout } from '../checkout.ts'
import { fileTimesOfPlaywright, fileTimesOfVitest } from './file-times.ts'
import type { Print } from './ordered-output.ts'
import { runTool } from './run-tool.ts'
import type { SuiteResult } from './suite-result.ts'
import { tallyClosingLine, tallyPlaywright, tallyVitest } from './tally.ts'
import { FILE_TIMES_VARIABLE } from './vitest-file-times.ts'

const FILE_TIMES_REPORTER = inCheckout('apps/nines/src/quality/vitest-file-times.ts')
const JOURNEYS = 'e2e/journeys'

/** Runs one Vitest project, and counts from its JSON report. */
export function runVitest(project: 'unit' | 'integration', print: Print): Promise<SuiteResult> {
  return withFolder(async (folder) => {
    const [report, times] = [path.join(folder, 'report.json'), path.join(folder, 'times.json')]
    const reporters = ['dot', 'json', FILE_TIMES_REPORTER].map((name) => `--reporter=${name}`)
    const { passed } = await runTool(
      {
        name: project,
        command: inCheckout('node_modules/.bin/vitest'),
        args: ['run', '--project', project, ...reporters, `--outputFile.json=${report}`],
        env: { [FILE_TIMES_VARIABLE]: times },
      },
      print,
    )
    return { tally: tallyVitest(readJson(report), passed), files: fileTimesOfVitest(readJson(times)) }
  })
}

/** Whether there are browser tests in this checkout. */
export const hasBrowserTests = () => existsSync(inCheckout('e2e/playwright.config.ts'))

/** Runs the browser journeys with the given Chromium. */
export function runPlaywright(chromium: string, print: Print): Promise<SuiteResult> {
  return withFolder(async (folder) => {
    const file = path.join(folder, 'report.json')
    const { passed } = await runTool(
      {
        name: 'browser',
        command: inCheckout('e2e/node_modules/.bin/playwright'),
        args: ['test', '--reporter=list,json'],
        cwd: inCheckout('e2e'),
        env: { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
      },
      print,
    )
    const report = readJson(file)
    return { tally: tallyPlaywright(report, passed), files: fileTimesOfPlaywright(report, JOURNEYS) }
  })
}

/** Runs a whole-flow scenario on a stack of its own; its steps are printed indented and counted. */
export async function runScenario(name: string, args: readonly string[], print: Print): Promise<SuiteResult> {
  const script = inCheckout(`e2e/scenarios/${name}.scenario.ts`)
  const { output, passed } = await runTool({ name, command: process.execPath, args: [script, ...args] })
  print(`${output.trimEnd().replace(/^/gm, '  ')}\n`)
  return { tally: tallyClosingLine(output, passed) }
}

function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

async function withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nines-report-'))
  try {
    return await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
