import type { Labels } from '@nines/contracts'
import { limitFault } from '../otlp/merge-labels.ts'

/** Names and values one after the other; null for a text that is not UTF-8. */
export type LabelTexts = readonly (string | null)[]

/** The labels of a series as remote write has them. */
export interface SeriesLabels {
  metric: string
  labels: Labels
  /** Why nothing of the series can be kept; empty when it can. */
  fault: string
}

const NAME = '__name__'
const MAX_METRIC_NAME_BYTES = 256

/**
 * Checks the labels of a series. An empty value says the same as no label. Labels in another order than the
 * specification's are taken: their order means nothing.
 */
export function seriesLabels(texts: LabelTexts): SeriesLabels {
  const labels = labelMap(texts)
  if (typeof labels === 'string') return { metric: nameIn(texts), labels: {}, fault: labels }
  const metric = labels.get(NAME) ?? ''
  labels.delete(NAME)
  return { metric, labels: Object.fromEntries(labels), fault: nameFault(metric) || limitFault(labels) }
}

/** The labels of an exemplar, or why it cannot be kept. */
export function exemplarLabels(texts: LabelTexts): Map<string, string> | string {
  const labels = labelMap(texts)
  return typeof labels === 'string' ? labels : limitFault(labels) || labels
}

function labelMap(texts: LabelTexts): Map<string, string> | string {
  const labels = new Map<string, string>()
  let pairs = 0
  for (let i = 0; i + 1 < texts.length; i += 2) {
    const [name, value] = [texts[i], texts[i + 1]]
    if (name === null || name === undefined || value === null || value === undefined)
      return 'a label is not valid UTF-8'
    if (name === '') return 'a label has an empty name'
    labels.set(name, value)
    if (labels.size !== ++pairs) return `the label ${JSON.stringify(name.slice(0, 40))} stands twice`
  }
  for (const [name, value] of labels) if (value === '') labels.delete(name)
  return labels
}

function nameFault(metric: string): string {
  if (metric === '') return 'a series has no __name__'
  return Buffer.byteLength(metric) > MAX_METRIC_NAME_BYTES ? `its name is longer than ${MAX_METRIC_NAME_BYTES} bytes` : ''
}

/** The name of a series whose labels are faulty, to name it. */
function nameIn(texts: LabelTexts): string {
  const at = texts.findIndex((text, i) => i % 2 === 0 && text === NAME)
  return at < 0 ? '' : (texts[at + 1] ?? '')
}
