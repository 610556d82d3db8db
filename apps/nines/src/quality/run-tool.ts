import { spawn } from 'node:child_process'
import { checkoutRoot } from '../checkout.ts'

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

/** Runs a tool to its end. `live` shows its output as it comes; otherwise it is returned. */
export function runTool(tool: Tool, live = false): Promise<ToolResult> {
  const startedAtMs = Date.now()
  return new Promise((resolve) => {
    const child = spawn(tool.command, tool.args, {
      cwd: tool.cwd ?? checkoutRoot,
      // A log file has no use for colours; some tools colour whenever CI is set.
      env: { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...tool.env },
      stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const finish = (passed: boolean) =>
      resolve({ name: tool.name, passed, seconds: (Date.now() - startedAtMs) / 1000, output })
    child.once('error', (error) => {
      output += error.message
      finish(false)
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
