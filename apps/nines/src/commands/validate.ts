import { loadCode, whereOf } from '@nines/openslo'
import type { Command } from 'commander'
import { codeCommand, codeInput, ending, EXIT, withFiles, type FileOptions } from '../code/code-command.ts'

/** `nines validate -f PATH`: reads files without a server. Exits 0 when all are valid, 2 otherwise. */
export function validateCommand(): Command {
  return withFiles(codeCommand('validate'))
    .description('check files of OpenSLO, Sloth, Pyrra or nines/v1 without a server')
    .action(ending(validate))
}

async function validate(options: FileOptions): Promise<number> {
  const { files, slothPeriod, skipForeign } = await codeInput(options)
  const { documents, problems } = loadCode(files, { slothPeriod, skipForeign })
  for (const problem of problems) process.stderr.write(`${whereOf(problem)}: ${problem.message}\n`)
  const slos = documents.flatMap((document) => document.slos).length
  process.stdout.write(`${documents.length} documents are valid (${slos} SLOs), ${problems.length} problems\n`)
  return problems.length === 0 ? EXIT.equal : EXIT.error
}
