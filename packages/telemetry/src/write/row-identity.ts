import { NinesError } from '@nines/kernel'
import { textsAt, type Column, type ColumnType } from '@nines/wire'

/** A value to compare with, as an SQL literal, and as the text in which a query answers it. */
export interface IdentityValue {
  literal: string
  key: string
}

/** How columns of one type take part when rows are looked for by what identifies them. */
interface IdentityType {
  expression: (column: string) => string
  keyExpression: (column: string) => string
  /** Values at ascending rows. */
  read: (column: Column, rows: readonly number[]) => IdentityValue[]
}

/** So much of a text takes part; more would only make statements longer. */
const TEXT_BYTES = 256

const TYPES: Partial<Record<ColumnType, IdentityType>> = {
  UInt64: {
    expression: (column) => column,
    keyExpression: (column) => `toString(${column})`,
    read: ({ streams }, rows) =>
      rows.map((row) => {
        const digits = streams[0]!.readBigUInt64LE(8 * row).toString()
        return { literal: digits, key: digits }
      }),
  },
  'DateTime64(3)': instants('Milli'),
  'DateTime64(9)': instants('Nano'),
  'FixedString(8)': fixedTexts(8),
  'FixedString(16)': fixedTexts(16),
  String: {
    expression: (column) => `substring(${column}, 1, ${TEXT_BYTES})`,
    keyExpression: (column) => `hex(substring(${column}, 1, ${TEXT_BYTES}))`,
    read: ({ streams }, rows) => textsAt(streams[0]!, rows).map((text) => bytesValue(text.subarray(0, TEXT_BYTES))),
  },
}

export function identityType(type: ColumnType): IdentityType {
  const found = TYPES[type]
  if (!found) throw new NinesError('internal', `rows cannot be told apart by a column of type ${type}`)
  return found
}

function instants(unit: 'Milli' | 'Nano'): IdentityType {
  return {
    expression: (column) => column,
    keyExpression: (column) => `toString(toUnixTimestamp64${unit}(${column}))`,
    read: ({ streams }, rows) =>
      rows.map((row) => {
        const digits = streams[0]!.readBigInt64LE(8 * row).toString()
        return { literal: `fromUnixTimestamp64${unit}(${digits})`, key: digits }
      }),
  }
}

function fixedTexts(width: number): IdentityType {
  return {
    expression: (column) => column,
    keyExpression: (column) => `hex(${column})`,
    read: ({ streams }, rows) => rows.map((row) => bytesValue(streams[0]!.subarray(width * row, width * (row + 1)))),
  }
}

function bytesValue(bytes: Buffer): IdentityValue {
  const hex = bytes.toString('hex').toUpperCase()
  return { literal: `unhex('${hex}')`, key: hex }
}
