import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inCheckout } from '../checkout.ts'
import { runTool, type Tool } from './run-tool.ts'
import { tallyClosingLine, tallyPlaywright, tallyVitest, type Tally } from './tally.ts'

/** Runs one Vitest project with its own output shown, and counts from its JSON report. */
export function runVitest(project: 'unit' | 'integration'): Promise<Tally> {
  return withReport((report) => {
    const args = ['run', '--project', project, '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`]
    return { name: project, command: inCheckout('node_modules/.bin/vitest'), args }
  }, tallyVitest)
}

/** Whether there are browser tests in this checkout. */
export const hasBrowserTests = () => existsSync(inCheckout('e2e/playwright.config.ts'))

/** Runs the browser journeys with the given Chromium. */
export function runPlaywright(chromium: string): Promise<Tally> {
  return withReport((report) => {
    const env = { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: report }
    return {
      name: 'browser',
      command: inCheckout('e2e/node_modules/.bin/playwright'),
      args: ['test', '--reporter=list,json'],
      cwd: inCheckout('e2e'),
      env,
    }
  }, tallyPlaywright)
}

/** Runs a whole-flow scenario on a stack of its own; its steps are printed indented and counted. */
export async function runScenario(name: string, args: readonly string[] = []): Promise<Tally> {
  const script = inCheckout(`e2e/scenarios/${name}.scenario.ts`)
  const { output, passed } = await runTool({ name, command: process.execPath, args: [script, ...args] })
  process.stdout.write(`${output.trimEnd().replace(/^/gm, '  ')}\n`)
  return tallyClosingLine(output, passed)
}

async function withReport(
  toolFor: (report: string) => Tool,
  tally: (report: unknown, exitedCleanly: boolean) => Tally,
): Promise<Tally> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nines-report-'))
  try {
    const report = path.join(folder, 'report.json')
    const { passed } = await runTool(toolFor(report), true)
    return tally(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, passed)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
