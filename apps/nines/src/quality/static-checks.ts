import { availableParallelism } from 'node:os'
import { generateClient } from '@nines/schema'
import pc from 'picocolors'
import { inCheckout } from '../checkout.ts'
import type { Print } from './ordered-output.ts'
import { runTools, type Tool, type ToolResult } from './run-tool.ts'

const binary = (name: string) => inCheckout('node_modules/.bin', name)

/** The slow ones first, so that the quick ones fill the gaps. */
const tools: Tool[] = [
  { name: 'types', command: binary('tsc'), args: ['-p', 'tsconfig.json'] },
  { name: 'dead code (knip)', command: binary('knip'), args: ['--no-progress'] },
  {
    name: 'dependency rules',
    command: binary('depcruise'),
    args: ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'apps', 'packages', 'e2e', 'prisma/src'],
  },
  { name: 'types of the web app', command: binary('tsc'), args: ['-p', 'apps/web/tsconfig.json', '--noEmit'] },
  { name: 'lint', command: binary('oxlint'), args: [] },
  { name: 'format', command: binary('oxfmt'), args: ['--check'] },
]

/** Types, lint, dependency rules, dead code and format of the whole checkout; one line each with its seconds. */
export async function runStaticChecks(print: Print): Promise<ToolResult[]> {
  await generateClient()
  return runTools(tools, Math.max(2, availableParallelism()), (result) => print(lineOf(result)))
}

function lineOf({ name, passed, seconds, output }: ToolResult): string {
  const mark = passed ? pc.green('✓') : pc.red('✗')
  const line = `  ${mark} ${name.padEnd(24)} ${pc.dim(`${seconds.toFixed(1).padStart(6)} s`)}\n`
  return passed ? line : `${line}${output.trim()}\n\n`
}
