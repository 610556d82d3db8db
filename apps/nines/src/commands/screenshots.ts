import path from 'node:path'
import { Command } from 'commander'
import { runScript } from './run-script.ts'

/** `nines screenshots DIR`: every page on demo data, light, dark and phone. */
export function screenshotsCommand(): Command {
  return new Command('screenshots')
    .description('photograph every page on demo data')
    .argument('<directory>')
    .action((directory: string) =>
      runScript('e2e/screenshots/take-screenshots.ts', [path.resolve(process.env.INIT_CWD ?? '.', directory)]),
    )
}
