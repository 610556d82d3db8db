import { BITS, INTEGER_LIMIT, MULTIPLE_LIMIT, SPLIT_UNITS, type SplitUnit } from './split-units.ts'

/** SQL for the columns that hold a value, the same as splitValues makes. */
export interface SplitColumns {
  whole: string
  rest: string
}

/** @param value an expression of Float64; it is repeated, so a column does best */
export function splitColumns(value: string): SplitColumns {
  const bits = `reinterpretAsInt64(${value})`
  const isWhole = `floor(${value}) = ${value} AND abs(${value}) < ${INTEGER_LIMIT}. AND ${bits} != ${MINUS_ZERO}`
  const decimals = SPLIT_UNITS.map((unit) => ({ ...unit, ...decimalOf(value, unit) }))
  return {
    whole: choice([
      [isWhole, `toInt64(${value})`],
      ...decimals.map(({ isNear, integer }): Case => [isNear, integer]),
      bits,
    ]),
    rest: `toInt32(${choice([
      [isWhole, '0'],
      ...decimals.map(({ isNear, fraction, difference, shift, code }): Case => {
        return [isNear, `${difference} * ${2 ** shift} + ${fraction} * 4 + ${code}`]
      }),
      `${BITS}`,
    ])})`,
  }
}

/** The value of `whole` and `rest`, for the column `value` that readers name. */
export const JOINED_VALUE = `if(rest = 0, toFloat64(whole), reinterpretAsFloat64(if(bitAnd(rest, 3) = ${BITS}, whole,
    reinterpretAsInt64((whole * ${byCode((unit) => unit.unit)} + bitAnd(bitShiftRight(rest, 2), ${byCode(fractionMask)})) / ${byCode((unit) => unit.unit)})
    + bitShiftRight(rest, ${byCode((unit) => unit.shift)}))))`

type Case = [condition: string, value: string]

const MINUS_ZERO = 'reinterpretAsInt64(toFloat64(-0.))'

function choice(cases: [...Case[], otherwise: string]): string {
  return `multiIf(${cases.flat().join(',\n    ')})`
}

function decimalOf(value: string, { unit, limit }: SplitUnit) {
  const multiple = `toInt64(floor(${value} * ${unit} + 0.5))`
  const difference = `(reinterpretAsInt64(${value}) - reinterpretAsInt64(${multiple} / ${unit}))`
  const fraction = `positiveModulo(${multiple}, ${unit})`
  return {
    isNear: `abs(${value} * ${unit}) >= 0.5 AND abs(${value} * ${unit}) < ${MULTIPLE_LIMIT} AND ${difference} > -${limit} AND ${difference} < ${limit}`,
    integer: `intDiv(${multiple} - ${fraction}, ${unit})`,
    fraction,
    difference,
  }
}

function fractionMask({ shift }: SplitUnit): number {
  return 2 ** (shift - 2) - 1
}

function byCode(of: (unit: SplitUnit) => number): string {
  const [first, second, last] = SPLIT_UNITS.map(of) as [number, number, number]
  return first === second
    ? `if(bitAnd(rest, 3) = 2, ${last}, ${first})`
    : `multiIf(bitAnd(rest, 3) = 0, ${first}, bitAnd(rest, 3) = 1, ${second}, ${last})`
}
