import { messageOf } from '@nines/kernel'
import { Command } from 'commander'
import { ensureChromium } from '../quality/ensure-chromium.ts'
import { runStaticChecks } from '../quality/static-checks.ts'
import { addTallies, tallyOf, type Tally } from '../quality/tally.ts'
import { hasBrowserTests, runPlaywright, runScenario, runVitest } from '../quality/test-suites.ts'
import { buildWeb } from '../start/web-build.ts'

/** `nines test`: everything that CI runs. Its last line is `N passed, N failed`. */
export function testCommand(): Command {
  return new Command('test').description('everything that CI runs').action(async () => {
    const total = addTallies(
      await stage('Checks', async () =>
        addTallies(...(await runStaticChecks()).map((result) => tallyOf(result.passed))),
      ),
      await stage('Unit tests', () => runVitest('unit')),
      await stage('Integration tests', () => runVitest('integration')),
      await stage('Web build', async () => tallyOf((await buildWeb()) !== undefined)),
      hasBrowserTests()
        ? await stage('Browser tests', async () => runPlaywright(ensureChromium(announce)))
        : { passed: 0, failed: 0 },
      await stage('Scenario: kill -9', () => runScenario('kill-9')),
      await stage('Scenario: exactly once', () => runScenario('exactly-once', ['--seeds', '1..3'])),
      await stage('Scenario: overload', () => runScenario('overload', ['--plan', 'short'])),
      await stage('Scenario: bad input', () => runScenario('bad-input')),
      await stage('Scenario: outage table', () => runScenario('outage-table')),
      await stage('Scenario: low traffic', () => runScenario('low-traffic', ['--plan', 'short'])),
    )
    if (total.failed > 0) process.exitCode = 1
    process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
  })
}

/** A stage that cannot run at all is one failure; the others still run. */
async function stage(title: string, run: () => Promise<Tally>): Promise<Tally> {
  announce(`\n${title}`)
  try {
    return await run()
  } catch (error) {
    announce(messageOf(error))
    return tallyOf(false)
  }
}

function announce(line: string): void {
  process.stdout.write(`${line}\n`)
}
