import { DEFAULT_TELEMETRY_SETTINGS, type TelemetrySettings } from '@nines/contracts'
import { durationText } from '../duration-text.ts'
import { Refused } from '../series/refused.ts'

/** What a workspace's metrics must keep to. */
export type MetricLimits = Pick<
  TelemetrySettings,
  | 'maxActiveSeries'
  | 'maxNewSeriesPerMinute'
  | 'maxLabels'
  | 'maxLabelNameBytes'
  | 'maxLabelValueBytes'
  | 'maxPastSeconds'
  | 'maxFutureSeconds'
>
export type LabelLimits = Pick<MetricLimits, 'maxLabels' | 'maxLabelNameBytes' | 'maxLabelValueBytes'>

export const DEFAULT_METRIC_LIMITS: MetricLimits = DEFAULT_TELEMETRY_SETTINGS

/** Why a point of that instant (epoch ms) is not taken at `now`; null when it is. `what` is what has the time. */
export function timeRefusal(at: number, now: number, limits: MetricLimits, what = 'a point'): Refused | null {
  if (at === 0) return new Refused('clock_window', `${what} has no time`)
  if (at < now - 1_000 * limits.maxPastSeconds)
    return new Refused('clock_window', `${what} is older than ${durationText(limits.maxPastSeconds)}`)
  if (at > now + 1_000 * limits.maxFutureSeconds)
    return new Refused('clock_window', `${what} is more than ${durationText(limits.maxFutureSeconds)} in the future`)
  return null
}

/** Why labels are not taken; null when they are. */
export function labelRefusal(labels: ReadonlyMap<string, string>, limits: LabelLimits): Refused | null {
  const { maxLabels, maxLabelNameBytes, maxLabelValueBytes } = limits
  const refused = (text: string) => new Refused('label_limit', text)
  if (labels.size > maxLabels) return refused(`a point has ${labels.size} labels, at most ${maxLabels} are allowed`)
  for (const [key, value] of labels) {
    if (key === '') return new Refused('invalid', 'a label has an empty key')
    if (isLonger(key, maxLabelNameBytes))
      return refused(`the label key ${JSON.stringify(key.slice(0, 40))}... is longer than ${maxLabelNameBytes} bytes`)
    if (isLonger(value, maxLabelValueBytes))
      return refused(`the value of label ${JSON.stringify(key)} is longer than ${maxLabelValueBytes} bytes`)
  }
  return null
}

/** No character of a string takes more than three bytes, so that most texts need not be measured. */
function isLonger(text: string, bytes: number): boolean {
  return 3 * text.length > bytes && Buffer.byteLength(text) > bytes
}
