import { spawn } from 'node:child_process'
import { checkoutRoot } from '../checkout.ts'
import type { Print } from './ordered-output.ts'

/** A program whose exit code decides. */
export interface Tool {
  name: string
  command: string
  args: string[]
  env?: Record<string, string>
  /** Default: the checkout. */
  cwd?: string
}

export interface ToolResult {
  name: string
  passed: boolean
  seconds: number
  output: string
}

/** A terminal behind our pipe takes colours; a log file has no use for them, and some tools colour whenever CI is set. */
const COLOURS: Record<string, string> = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }

/** So long a process that a tool left behind may hold on to our pipe before we stop reading. */
const LAST_WORDS_MS = 5_000

/** Runs a tool to its end and gives its output; `print` gets it as it comes, too. */
export function runTool(tool: Tool, print?: Print): Promise<ToolResult> {
  const startedAtMs = Date.now()
  return new Promise((resolve) => {
    const child = spawn(tool.command, tool.args, {
      cwd: tool.cwd ?? checkoutRoot,
      env: { ...process.env, ...COLOURS, ...tool.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        print?.(text)
      })
    }
    const finish = (passed: boolean) => {
      clearTimeout(lastWords)
      resolve({ name: tool.name, passed, seconds: (Date.now() - startedAtMs) / 1000, output })
    }
    let lastWords: NodeJS.Timeout | undefined
    child.once('error', (error) => {
      output += error.message
      print?.(error.message)
      finish(false)
    })
    child.once('exit', (code) => {
      lastWords = setTimeout(() => finish(code === 0), LAST_WORDS_MS)
    })
    child.once('close', (code) => finish(code === 0))
  })
}

/** Runs tools `parallel` at a time and gives the results in their order. */
export async function runTools(
  tools: Tool[],
  parallel: number,
  onResult: (result: ToolResult) => void,
): Promise<ToolResult[]> {
  const results: ToolResult[] = []
  const queue = tools.entries()
  const worker = async () => {
    for (const [index, tool] of queue) {
      const result = await runTool(tool)
      results[index] = result
      onResult(result)
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  return results
}
