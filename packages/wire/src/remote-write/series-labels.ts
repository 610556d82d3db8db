import type { Labels } from '@nines/contracts'
import { labelRefusal, type LabelLimits } from '../metrics/metric-limits.ts'
import { Refused } from '../series/refused.ts'

/** Names and values one after the other; null for a text that is not UTF-8. */
export type LabelTexts = readonly (string | null)[]

/** The labels of a series as remote write has them. */
export interface SeriesLabels {
  metric: string
  labels: Labels
  /** Why nothing of the series can be kept; null when it can. */
  refused: Refused | null
}

const NAME = '__name__'
const MAX_METRIC_NAME_BYTES = 256
/** Names of metrics of at most so many characters are short enough, whatever they are made of. */
export const SURELY_SHORT_NAME = Math.floor(MAX_METRIC_NAME_BYTES / 3)

/**
 * Checks the labels of a series. An empty value says the same as no label. Labels in another order than the
 * specification's are taken: their order means nothing.
 */
export function seriesLabels(texts: LabelTexts, limits: LabelLimits): SeriesLabels {
  const usual = usualLabels(texts, limits)
  if (usual) return usual
  const labels = labelMap(texts)
  if (labels instanceof Refused) return { metric: nameIn(texts), labels: {}, refused: labels }
  const metric = labels.get(NAME) ?? ''
  labels.delete(NAME)
  const refused = nameRefusal(metric) ?? labelRefusal(labels, limits)
  return { metric, labels: Object.fromEntries(labels), refused }
}

/**
 * Labels as nearly all senders write them: the name first, then sorted ones without a fault, which makes them known to be
 * different without a map. null for any others.
 */
function usualLabels(texts: LabelTexts, limits: LabelLimits): SeriesLabels | null {
  const metric = texts[1]
  if (texts[0] !== NAME || !metric || metric.length > SURELY_SHORT_NAME || texts.length > 2 * limits.maxLabels)
    return null
  const labels: Record<string, string> = {}
  let before: string = NAME
  for (let i = 2; i < texts.length; i += 2) {
    const [name, value] = [texts[i], texts[i + 1]]
    if (!name || !value || name <= before || isLong(name, limits.maxLabelNameBytes)) return null
    if (isLong(value, limits.maxLabelValueBytes) || name === '__proto__') return null
    labels[name] = value
    before = name
  }
  return { metric, labels, refused: null }
}

/** Perhaps longer than so many bytes: no character of a string takes more than three. */
function isLong(text: string, bytes: number): boolean {
  return 3 * text.length > bytes
}

/** The labels of an exemplar, or why it cannot be kept. */
export function exemplarLabels(texts: LabelTexts, limits: LabelLimits): Map<string, string> | Refused {
  const labels = labelMap(texts)
  return labels instanceof Refused ? labels : (labelRefusal(labels, limits) ?? labels)
}

function labelMap(texts: LabelTexts): Map<string, string> | Refused {
  const labels = new Map<string, string>()
  let pairs = 0
  for (let i = 0; i + 1 < texts.length; i += 2) {
    const [name, value] = [texts[i], texts[i + 1]]
    if (name === null || name === undefined || value === null || value === undefined)
      return new Refused('invalid', 'a label is not valid UTF-8')
    if (name === '') return new Refused('invalid', 'a label has an empty name')
    labels.set(name, value)
    if (labels.size !== ++pairs)
      return new Refused('invalid', `the label ${JSON.stringify(name.slice(0, 40))} stands twice`)
  }
  for (const [name, value] of labels) if (value === '') labels.delete(name)
  return labels
}

function nameRefusal(metric: string): Refused | null {
  if (metric === '') return new Refused('invalid', 'a series has no __name__')
  if (Buffer.byteLength(metric) <= MAX_METRIC_NAME_BYTES) return null
  return new Refused('label_limit', `its name is longer than ${MAX_METRIC_NAME_BYTES} bytes`)
}

/** The name of a series whose labels are faulty, to name it. */
function nameIn(texts: LabelTexts): string {
  const at = texts.findIndex((text, i) => i % 2 === 0 && text === NAME)
  return at < 0 ? '' : (texts[at + 1] ?? '')
}
