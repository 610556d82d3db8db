/** An exact decimal number: digits × 10^-scale. */
export interface Decimal {
  readonly digits: bigint
  /** Places behind the point, at least 0. */
  readonly scale: number
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i
/** Beyond this many places nobody wrote a number by hand, and sums of doubles are exact long before. */
const MOST_PLACES = 1100

export const ZERO: Decimal = { digits: 0n, scale: 0 }
export const ONE: Decimal = { digits: 1n, scale: 0 }

/** The decimal that a text writes, such as `99.95` or `1e-7`; null when it writes none. */
export function parseDecimal(text: string): Decimal | null {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text.trim()) ?? []
  if (whole === '' && fraction === '') return null
  const scale = fraction.length - Number(exponent)
  if (Math.abs(scale) > MOST_PLACES) return null
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n)
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 }
}

/** A finite number as the shortest decimal that reads back as it: 0.999 is exactly 0.999. Throws RangeError for others. */
export function decimalOf(value: number): Decimal {
  const decimal = Number.isFinite(value) ? parseDecimal(String(value)) : null
  if (decimal === null) throw new RangeError(`${value} is no finite number`)
  return decimal
}

export function plus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { digits: digitsAt(a, scale) + digitsAt(b, scale), scale }
}

export function minus(a: Decimal, b: Decimal): Decimal {
  return plus(a, { digits: -b.digits, scale: b.scale })
}

export function times(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale }
}

/** Below 0, 0 or above 0, as a lies to b. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const { digits } = minus(a, b)
  return digits === 0n ? 0 : digits < 0n ? -1 : 1
}

/** a ÷ b cut toward minus infinity after so many places. Throws RangeError when b is 0. */
export function dividedBy(a: Decimal, b: Decimal, places: number): Decimal {
  const digits = floorDivide(a.digits * 10n ** BigInt(b.scale + places), b.digits * 10n ** BigInt(a.scale))
  return { digits, scale: places }
}

/** Cut toward minus infinity after so many places; fewer stay as they are. */
export function cutDecimal(a: Decimal, places: number): Decimal {
  return a.scale <= places ? a : dividedBy(a, ONE, places)
}

/** The nearest double. */
export function numberOf(a: Decimal): number {
  return Number(decimalText(a))
}

/** Plain decimal text without an exponent and without needless zeros: `0.001`, `-12.5`, `42`. */
export function decimalText({ digits, scale }: Decimal): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const fraction = scale === 0 ? '' : text.slice(-scale).replace(/0+$/, '')
  const whole = scale === 0 ? text : text.slice(0, -scale)
  const sign = digits < 0n ? '-' : ''
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`
}

function digitsAt({ digits, scale }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - scale)
}

function floorDivide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new RangeError('division by zero')
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}
