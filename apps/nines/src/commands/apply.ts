import { applyCode, planCode } from '@nines/contracts'
import type { Command } from 'commander'
import { callNines, codeServer } from '../code/code-client.ts'
import { codeCommand, codeInput, ending, EXIT, withPlan, type PlanOptions } from '../code/code-command.ts'
import { planText } from '../code/plan-text.ts'

interface ApplyOptions extends PlanOptions {
  commit?: string
  dryRun?: true
}

/** `nines apply -f PATH`: makes services, SLOs, budget policies and corrections what files say. Exits 0, or 2 on an error. */
export function applyCommand(): Command {
  return withPlan(codeCommand('apply'))
    .description(
      'make services, SLOs, budget policies and corrections what files of OpenSLO, Sloth, Pyrra or nines/v1 say',
    )
    .option(
      '--commit <sha>',
      'commit of the files, shown beside what they make (default: $GITHUB_SHA or $CI_COMMIT_SHA)',
    )
    .option('--dry-run', 'only print the plan')
    .action(ending(apply))
}

async function apply(options: ApplyOptions): Promise<number> {
  const server = codeServer(options.url, process.env)
  const input = await codeInput(options)
  const commit = options.commit ?? process.env['GITHUB_SHA'] ?? process.env['CI_COMMIT_SHA'] ?? null
  // Everything wrong is found by planning, before anything is written.
  const plan = await callNines(server, planCode, { body: input })
  if (!options.json) process.stdout.write(planText(plan))
  if (options.dryRun) {
    if (options.json) process.stdout.write(`${JSON.stringify(plan)}\n`)
    return EXIT.equal
  }
  const applied = await callNines(server, applyCode, { body: { ...input, commit } })
  process.stdout.write(options.json ? `${JSON.stringify(applied)}\n` : applied.isEqual ? '' : 'Applied.\n')
  return EXIT.equal
}
