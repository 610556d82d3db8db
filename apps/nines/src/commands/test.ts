import { Command } from 'commander'
import { ensureChromium } from '../quality/ensure-chromium.ts'
import { runStages, type Stage } from '../quality/run-stages.ts'
import { runStaticChecks } from '../quality/static-checks.ts'
import type { StageResult } from '../quality/suite-result.ts'
import { addTallies, tallyOf } from '../quality/tally.ts'
import { hasBrowserTests, runPlaywright, runScenario, runVitest } from '../quality/test-suites.ts'
import { timeSummary } from '../quality/time-summary.ts'
import { buildWeb } from '../start/web-build.ts'

/** `nines test`: everything that CI runs. Its last line is `N passed, N failed`. */
export function testCommand(): Command {
  return new Command('test').description('everything that CI runs').action(async () => {
    const startedAtMs = Number(process.env.NINES_BOOT_STARTED_MS ?? Date.now())
    const results: StageResult[] = []
    for (const lanes of steps()) results.push(...(await runStages(lanes, write)))
    write(`\n${timeSummary(results, (Date.now() - startedAtMs) / 1000)}\n`)
    const total = addTallies(...results.map(({ tally }) => tally))
    if (total.failed > 0) process.exitCode = 1
    write(`${total.passed} passed, ${total.failed} failed\n`)
  })
}

/** One step after the other. The lanes of the last mostly wait: for pages, for leases, for what was killed to come back. */
function steps(): Stage[][][] {
  return [
    [[checks]],
    [[{ title: 'Unit tests', run: (print) => runVitest('unit', print) }]],
    [[{ title: 'Integration tests', run: (print) => runVitest('integration', print) }]],
    [[{ title: 'Web build', run: async () => ({ tally: tallyOf((await buildWeb()) !== undefined) }) }]],
    [
      hasBrowserTests() ? [browser] : [],
      [
        scenario('kill -9', 'kill-9'),
        scenario('exactly once', 'exactly-once', '--seeds', '1..3'),
        scenario('overload', 'overload', '--plan', 'short'),
        scenario('bad input', 'bad-input'),
        scenario('outage table', 'outage-table'),
        scenario('low traffic', 'low-traffic', '--plan', 'short'),
      ],
    ],
  ]
}

const checks: Stage = {
  title: 'Checks',
  run: async (print) => ({
    tally: addTallies(...(await runStaticChecks(print)).map((result) => tallyOf(result.passed))),
  }),
}

const browser: Stage = {
  title: 'Browser tests',
  run: (print) =>
    runPlaywright(
      ensureChromium((line) => print(`${line}\n`)),
      print,
    ),
}

function scenario(title: string, name: string, ...args: string[]): Stage {
  return { title: `Scenario: ${title}`, run: (print) => runScenario(name, args, print) }
}

function write(text: string): void {
  process.stdout.write(text)
}
