import type { Writable } from 'node:stream'
import { Command } from 'ioredis'

type Argument = string | Buffer

/**
 * A command of Redis with one long argument, which is sent from where its parts lie. ioredis would put the whole command
 * together in fresh memory first, which for a block costs as much as building it. The parts must not change until it is answered.
 */
export class PartsCommand extends Command {
  readonly #head: Buffer
  readonly #parts: readonly Buffer[]
  readonly #tail: Buffer

  /** `parts` are one argument, between those before and those after it. */
  constructor(name: string, before: readonly string[], parts: readonly Buffer[], after: readonly Argument[]) {
    super(name, [...before], { replyEncoding: 'utf8' })
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    const words = before.length + after.length + 2
    this.#head = Buffer.concat([Buffer.from(`*${words}\r\n`), ...[name, ...before].map(bulk), lengthOf(length)])
    this.#parts = parts
    this.#tail = Buffer.concat([END, ...after.map(bulk)])
  }

  /** Writes all but the end, which the caller writes; together they are one call of the system. */
  override toWritable(socket: object): Buffer {
    const stream = socket as Writable
    stream.cork()
    stream.write(this.#head)
    for (const part of this.#parts) stream.write(part)
    process.nextTick(() => stream.uncork())
    return this.#tail
  }
}

const END = Buffer.from('\r\n')

function bulk(argument: Argument): Buffer {
  const bytes = Buffer.from(argument)
  return Buffer.concat([lengthOf(bytes.length), bytes, END])
}

function lengthOf(bytes: number): Buffer {
  return Buffer.from(`$${bytes}\r\n`)
}
