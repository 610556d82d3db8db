import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { NinesError } from '@nines/kernel'

/** Options that every benchmark has. */
export interface BenchOptions {
  /** Ends with one line of JSON. */
  json: boolean
  runs: number
  /** Names of the cases to run; all when empty. */
  only: string[]
  pin: boolean
}

type Definitions = Record<string, { type: 'string' | 'boolean' }>

/** Reads the command line. `extra` are a benchmark's own options, given back as text. Throws NinesError on what is unknown. */
export function readBenchOptions(
  extra: readonly string[],
  args = process.argv.slice(2),
): { common: BenchOptions; own: Record<string, string | undefined> } {
  const definitions: Definitions = {
    json: { type: 'boolean' },
    runs: { type: 'string' },
    only: { type: 'string' },
    'no-pin': { type: 'boolean' },
    ...Object.fromEntries(extra.map((name) => [name, { type: 'string' as const }])),
  }
  const values = parse(args, definitions)
  const own = Object.fromEntries(extra.map((name) => [name, values[name] as string | undefined]))
  return {
    common: {
      json: values.json === true,
      runs: positive('runs', (values.runs as string | undefined) ?? '3'),
      only: list((values.only as string | undefined) ?? ''),
      pin: values['no-pin'] !== true && availableParallelism() > 1,
    },
    own,
  }
}

export function positive(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0) return value
  throw new NinesError('invalid', `--${name} takes a whole number above 0, not ${JSON.stringify(text)}`)
}

/** Items of a list with commas. */
export function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function parse(args: string[], options: Definitions): Record<string, unknown> {
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    throw new NinesError('invalid', error instanceof Error ? error.message : String(error))
  }
}
