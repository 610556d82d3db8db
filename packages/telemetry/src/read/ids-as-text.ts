import { NinesError } from '@nines/kernel'

/** A trace's or span's id in hex as SQL's bytes; `''` for the empty id is for the caller to leave out. */
export function requireHexId(text: string, bytes: 8 | 16, what: string): string {
  const hex = text.toLowerCase()
  if (!new RegExp(`^[0-9a-f]{${2 * bytes}}$`).test(hex))
    throw new NinesError(
      'invalid',
      `${what} has ${2 * bytes} hexadecimal digits, not ${JSON.stringify(text.slice(0, 64))}`,
    )
  return hex
}

/** SQL that gives an id as hex, empty where there is none. */
export function hexId(column: string, bytes: 8 | 16): string {
  return `if(${column} = toFixedString('', ${bytes}), '', lower(hex(${column})))`
}
