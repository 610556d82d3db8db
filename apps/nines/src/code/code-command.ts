import type { CodeInput } from '@nines/contracts'
import { messageOf, NinesError } from '@nines/kernel'
import { Command } from 'commander'
import { readCodeFiles } from './code-files.ts'

/** What every command of code that reads files takes. */
export interface FileOptions {
  file: string[]
  slothPeriod: string
}

/** What those take besides that compare the files with a server. */
export interface PlanOptions extends FileOptions {
  url?: string
  prune?: true
  json?: true
}

export const EXIT = { equal: 0, differs: 1, error: 2 } as const

/** A command whose faults, of use too, end with 2, so that 1 can mean "differs". */
export function codeCommand(name: string): Command {
  return new Command(name).exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.equal : EXIT.error))
}

export function withFiles(command: Command): Command {
  return command
    .requiredOption('-f, --file <path...>', 'files, folders, or - for standard input')
    .option('--sloth-period <days>', 'period of the SLOs in Sloth files', '30d')
}

export function withPlan(command: Command): Command {
  return withFiles(command)
    .option('--url <url>', 'where Nines is (default: $NINES_URL, or this machine)')
    .option('--prune', 'take away what these files once said and say no more; without it that is left')
    .option('--json', 'print the plan as JSON')
}

/** Folder in which the paths of the command line are meant. */
function invokedFrom(): string {
  return process.env['NINES_INVOKED_FROM'] ?? process.cwd()
}

/** The files that the options name, in the form in which they are sent. */
export async function codeInput({ file, slothPeriod, prune = false }: FileOptions & { prune?: boolean }) {
  const { files, hasFolder } = await readCodeFiles(file, invokedFrom(), process.stdin)
  return { files, slothPeriod, skipForeign: hasFolder, prune } satisfies CodeInput
}

/** Runs the action of a command; what fails is told on standard error and ends with 2. */
export function ending<T>(action: (options: T) => Promise<number>): (options: T) => Promise<void> {
  return async (options) => {
    try {
      process.exitCode = await action(options)
    } catch (error) {
      const text = error instanceof NinesError ? error.message : error instanceof Error ? error.stack : messageOf(error)
      process.stderr.write(`${text}\n`)
      process.exitCode = EXIT.error
    }
  }
}
