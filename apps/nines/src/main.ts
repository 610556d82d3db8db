import { Command } from 'commander'
import { messageOf, NinesError } from '@nines/kernel'
import { applyCommand } from './commands/apply.ts'
import { benchCommand } from './commands/bench.ts'
import { buildCommand } from './commands/build.ts'
import { checkCommand } from './commands/check.ts'
import { demoCommand } from './commands/demo.ts'
import { diffCommand } from './commands/diff.ts'
import { exportCommand } from './commands/export.ts'
import { migrateCommand } from './commands/migrate.ts'
import { scenarioCommand } from './commands/scenario.ts'
import { screenshotsCommand } from './commands/screenshots.ts'
import { testCommand } from './commands/test.ts'
import { upCommand } from './commands/up.ts'
import { validateCommand } from './commands/validate.ts'

const program = new Command('nines')
  .description('Observability and SLO monitoring that a team runs itself')
  .addCommand(upCommand())
  .addCommand(demoCommand())
  .addCommand(applyCommand())
  .addCommand(diffCommand())
  .addCommand(exportCommand())
  .addCommand(validateCommand())
  .addCommand(buildCommand())
  .addCommand(migrateCommand())
  .addCommand(checkCommand())
  .addCommand(testCommand())
  .addCommand(scenarioCommand())
  .addCommand(benchCommand())
  .addCommand(screenshotsCommand())

// Boot is gone, whatever ended it: stop as if told to.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
try {
  await program.parseAsync()
} catch (error) {
  // A NinesError says what to do; anything else is a fault of ours, and its stack is what helps.
  const text =
    error instanceof NinesError
      ? messageOf(error)
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error)
  process.stderr.write(`\n${text}\n`)
  process.exitCode = 1
}
// The channel to boot would keep this process alive.
process.removeAllListeners('disconnect')
if (process.connected) process.disconnect()
