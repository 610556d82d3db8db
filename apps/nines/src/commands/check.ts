import { Command } from 'commander'
import { runStaticChecks } from '../quality/static-checks.ts'

/** `nines check`: types, lint, dependency rules, dead code and format. */
export function checkCommand(): Command {
  return new Command('check').description('types, lint, dependency rules, dead code, format').action(async () => {
    const results = await runStaticChecks((text) => process.stdout.write(text))
    const failed = results.filter((result) => !result.passed).length
    process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`)
    if (failed > 0) process.exitCode = 1
  })
}
