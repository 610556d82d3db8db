import { messageOf } from '@nines/kernel'
import pc from 'picocolors'

/** A step that takes longer than this says that it is still at work, again and again. */
const STILL_AT_WORK_MS = 5_000

/** One line for each finished step with its seconds; readable in a terminal, a pipe and a CI log. */
export class Progress {
  readonly #startedAtMs: number
  readonly #write: (line: string) => void

  constructor(startedAtMs: number, write: (line: string) => void = (line) => process.stdout.write(`${line}\n`)) {
    this.#startedAtMs = startedAtMs
    this.#write = write
  }

  /** Seconds since the command was given. */
  get elapsedSeconds(): number {
    return (Date.now() - this.#startedAtMs) / 1000
  }

  /** Runs a step; its result may be a different text for the line. */
  async step<T>(text: string, work: () => Promise<T>, describe: (result: T) => string = () => text): Promise<T> {
    const begunAtMs = Date.now()
    const seconds = () => ((Date.now() - begunAtMs) / 1000).toFixed(1)
    const reminder = setInterval(
      () => this.#write(`  ${pc.dim('…')} ${text} ${pc.dim(`(${seconds()} s so far)`)}`),
      STILL_AT_WORK_MS,
    )
    try {
      const result = await work()
      this.#write(`  ${pc.green('✓')} ${describe(result).padEnd(46)} ${pc.dim(`${seconds().padStart(5)} s`)}`)
      return result
    } catch (error) {
      this.#write(`  ${pc.red('✗')} ${text}: ${messageOf(error).split('\n')[0]}`)
      throw error
    } finally {
      clearInterval(reminder)
    }
  }

  note(line: string): void {
    this.#write(`  ${pc.dim('·')} ${line}`)
  }

  warn(line: string): void {
    process.stderr.write(`  ${pc.yellow('!')} ${line}\n`)
  }
}
