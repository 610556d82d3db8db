import { planCode } from '@nines/contracts'
import type { Command } from 'commander'
import { callNines, codeServer } from '../code/code-client.ts'
import { codeCommand, codeInput, ending, EXIT, withPlan, type PlanOptions } from '../code/code-command.ts'
import { planText } from '../code/plan-text.ts'

/** `nines diff -f PATH`: what applying would change. Exits 0 when nothing, 1 when something, 2 on an error. */
export function diffCommand(): Command {
  return withPlan(codeCommand('diff'))
    .description('what apply would change; exits 0 when nothing, 1 when something, 2 on an error')
    .action(ending(diff))
}

async function diff(options: PlanOptions): Promise<number> {
  const server = codeServer(options.url, process.env)
  const plan = await callNines(server, planCode, { body: await codeInput(options) })
  process.stdout.write(options.json ? `${JSON.stringify(plan)}\n` : planText(plan))
  return plan.isEqual ? EXIT.equal : EXIT.differs
}
