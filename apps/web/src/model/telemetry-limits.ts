import type { TelemetrySettings } from '@nines/contracts'
import { formatWindow } from './format-duration.ts'
import { parseDuration } from './parse-duration.ts'

export type LimitName = keyof TelemetrySettings

interface LimitField {
  name: LimitName
  label: string
  /** Stands behind the number; a `duration` is typed with its unit. */
  unit: string
  kind: 'count' | 'mebibytes' | 'duration'
  hint?: string
}

interface LimitGroup {
  title: string
  fields: LimitField[]
}

const BYTES_PER_MIB = 1024 * 1024

/** Every setting once, in the order of the form. */
export const LIMIT_GROUPS: readonly LimitGroup[] = [
  {
    title: 'Rates',
    fields: [
      { name: 'samplesPerSecond', label: 'Metric samples', unit: 'samples/s', kind: 'count' },
      { name: 'logsPerSecond', label: 'Log records', unit: 'records/s', kind: 'count' },
      { name: 'spansPerSecond', label: 'Spans', unit: 'spans/s', kind: 'count' },
      { name: 'bytesPerSecond', label: 'Bodies, decompressed', unit: 'MiB/s', kind: 'mebibytes' },
    ],
  },
  {
    title: 'Series and labels',
    fields: [
      {
        name: 'maxActiveSeries',
        label: 'Active series',
        unit: 'series',
        kind: 'count',
        hint: 'with a sample in the last hour',
      },
      { name: 'maxNewSeriesPerMinute', label: 'New series', unit: 'series/min', kind: 'count' },
      { name: 'maxLabels', label: 'Labels of a series', unit: 'labels', kind: 'count' },
      { name: 'maxLabelNameBytes', label: 'Length of a label’s name', unit: 'bytes', kind: 'count' },
      { name: 'maxLabelValueBytes', label: 'Length of a label’s value', unit: 'bytes', kind: 'count' },
    ],
  },
  {
    title: 'Clock window',
    fields: [
      { name: 'maxPastSeconds', label: 'Oldest', unit: 'before now', kind: 'duration', hint: 'such as 2 h or 30 d' },
      {
        name: 'maxFutureSeconds',
        label: 'Furthest ahead',
        unit: 'after now',
        kind: 'duration',
        hint: 'such as 10 min',
      },
    ],
  },
  {
    title: 'Retention',
    fields: [
      { name: 'metricsRetentionDays', label: 'Metrics', unit: 'days', kind: 'count' },
      { name: 'logsRetentionDays', label: 'Logs', unit: 'days', kind: 'count' },
      { name: 'tracesRetentionDays', label: 'Traces', unit: 'days', kind: 'count' },
    ],
  },
]

const FIELDS = LIMIT_GROUPS.flatMap(({ fields }) => fields)

/** What the form's fields hold: numbers, or a duration as text. */
export type LimitValues = Record<LimitName, number | string>

export function limitsToValues(settings: TelemetrySettings): LimitValues {
  return Object.fromEntries(FIELDS.map((field) => [field.name, fieldValue(field, settings[field.name])])) as LimitValues
}

/** The request's body. What is no number becomes NaN, which the route's schema refuses at its field. */
export function valuesToLimits(values: LimitValues): TelemetrySettings {
  return Object.fromEntries(
    FIELDS.map((field) => [field.name, settingOf(field, values[field.name])]),
  ) as TelemetrySettings
}

/** A limit as it is read: "2,000,000 samples/s", "512 MiB/s", "400 d before now". */
export function limitText(field: LimitField, setting: number): string {
  const value = fieldValue(field, setting)
  return `${typeof value === 'number' ? value.toLocaleString('en') : value} ${field.unit}`
}

function fieldValue({ kind }: LimitField, setting: number): number | string {
  if (kind === 'mebibytes') return Number((setting / BYTES_PER_MIB).toFixed(3))
  return kind === 'duration' ? formatWindow(setting) : setting
}

function settingOf({ kind }: LimitField, value: number | string): number {
  if (kind === 'duration') return Math.round((parseDuration(String(value), 's') ?? Number.NaN) / 1000)
  const number = value === '' ? Number.NaN : Number(value)
  return kind === 'mebibytes' ? Math.round(number * BYTES_PER_MIB) : number
}
