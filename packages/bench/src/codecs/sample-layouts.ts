import { splitColumns } from '@nines/telemetry'

/** How the columns of samples are laid out in one alternative; everything else is the same. */
export interface SampleLayout {
  name: string
  columns: string
  orderBy: string
  /** What is selected from `source` (workspace, metric, series, at, start, value), in the order of the columns. */
  select: string
}

const KEY = 'workspace UInt32 CODEC(ZSTD), retention UInt16 CODEC(ZSTD)'
const START = 'start DateTime64(3) CODEC(Delta, ZSTD)'
const ORDER = '(workspace, series, at)'
const ALL = 'workspace, 400, series, at, start, value'

function layout(name: string, codecs: { series?: string; at?: string; value?: string }): SampleLayout {
  const { series = 'ZSTD', at = 'Delta, ZSTD', value = 'Delta(8), ZSTD' } = codecs
  return {
    name,
    columns: `${KEY}, series UInt64 CODEC(${series}), at DateTime64(3) CODEC(${at}), ${START}, value Float64 CODEC(${value})`,
    orderBy: ORDER,
    select: ALL,
  }
}

/** A value as whole number and power of ten; what has more than 3 decimals keeps its bits under the power 127. */
const EXPONENT = `multiIf(value = trunc(value) AND abs(value) < 9e15, 0,
  value * 10 = trunc(value * 10) AND abs(value) < 9e14, -1,
  round(value * 100) / 100 = value AND abs(value) < 9e13, -2,
  round(value * 1000) / 1000 = value AND abs(value) < 9e12, -3, 127)`

function mantissa(name: string, codec: string): SampleLayout {
  return {
    name,
    columns: `${KEY}, series UInt64 CODEC(ZSTD), at DateTime64(3) CODEC(Delta, ZSTD), ${START},
      mantissa Int64 CODEC(${codec}), exponent Int8 CODEC(ZSTD)`,
    orderBy: ORDER,
    select: `workspace, 400, series, at, start,
      if(${EXPONENT} = 127, reinterpretAsInt64(value), toInt64(round(value * exp10(-(${EXPONENT}))))), toInt8(${EXPONENT})`,
  }
}

const BIT_PLANES = "Delta, T64('bit')"

/** As stored (ADR 8); the SQL that splits is part of what inserts take here, where the store does it for a hundredth of a microsecond. */
function split(wholeCodec: string, restCodec: string): SampleLayout {
  const { whole, rest } = splitColumns('value')
  return {
    name: `whole ${wholeCodec}; rest ${restCodec}`,
    columns: `${KEY}, series UInt64 CODEC(ZSTD), at DateTime64(3) CODEC(Delta, ZSTD), ${START},
      whole Int64 CODEC(${wholeCodec}), rest Int32 CODEC(${restCodec})`,
    orderBy: ORDER,
    select: `workspace, 400, series, at, start, ${whole}, ${rest}`,
  }
}

/** The bits of doubles as integers, for codecs that take no doubles. */
function bits(codec: string): SampleLayout {
  return {
    name: `bits ${codec}`,
    columns: `${KEY}, series UInt64 CODEC(ZSTD), at DateTime64(3) CODEC(Delta, ZSTD), ${START}, bits Int64 CODEC(${codec})`,
    orderBy: ORDER,
    select: 'workspace, 400, series, at, start, reinterpretAsInt64(value)',
  }
}

export const SAMPLE_LAYOUTS: readonly SampleLayout[] = [
  layout('value Delta, ZSTD(1)', {}),
  layout('value Delta, ZSTD(3)', { value: 'Delta(8), ZSTD(3)' }),
  layout('value Delta, LZ4', { value: 'Delta(8), LZ4' }),
  layout('value Gorilla, ZSTD', { value: 'Gorilla, ZSTD' }),
  layout('value ZSTD', { value: 'ZSTD' }),
  layout('value FPC, ZSTD', { value: 'FPC, ZSTD' }),
  mantissa('mantissa Delta, ZSTD(1)', 'Delta, ZSTD'),
  mantissa('mantissa Delta, ZSTD(3)', 'Delta, ZSTD(3)'),
  mantissa('mantissa DoubleDelta, ZSTD', 'DoubleDelta, ZSTD'),
  mantissa('mantissa T64, ZSTD', 'T64, ZSTD'),
  split(`${BIT_PLANES}, LZ4`, 'T64, LZ4'),
  split(`${BIT_PLANES}, ZSTD`, 'ZSTD'),
  bits(`${BIT_PLANES}, ZSTD`),
  layout('at DoubleDelta, ZSTD', { at: 'DoubleDelta, ZSTD' }),
  layout('at Delta, LZ4', { at: 'Delta, LZ4' }),
  layout('series Delta, ZSTD', { series: 'Delta, ZSTD' }),
  layout('series LZ4', { series: 'LZ4' }),
  {
    name: 'order (workspace, metric, series, at)',
    columns: `${KEY}, metric UInt64 CODEC(ZSTD), series UInt64 CODEC(ZSTD), at DateTime64(3) CODEC(Delta, ZSTD), ${START},
      value Float64 CODEC(Delta(8), ZSTD)`,
    orderBy: '(workspace, metric, series, at)',
    select: 'workspace, 400, metric, series, at, start, value',
  },
]
