import { ExpositionError } from './exposition-error.ts'
import type { ExposedSample } from './exposition.ts'
import { parseOpenMetrics } from './parse-openmetrics.ts'
import { parsePrometheusText } from './parse-prometheus-text.ts'
import { SeriesMemo } from './series-memo.ts'

/**
 * Reads a target's answer: OpenMetrics when its content type says so, else the text format, which many targets send
 * under any name. A memo of the target's former texts saves time. Throws ExpositionError.
 */
export function parseExposition(
  body: Uint8Array,
  contentType: string | null,
  memo = new SeriesMemo(),
): ExposedSample[] {
  const text = decodeUtf8(body)
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  return type === 'application/openmetrics-text' ? parseOpenMetrics(text, memo) : parsePrometheusText(text, memo)
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    const before = new TextDecoder().decode(body).split('\uFFFD', 1)[0] ?? ''
    const lines = before.split('\n')
    throw new ExpositionError(lines.length, (lines.at(-1)?.length ?? 0) + 1, 'the text is not UTF-8')
  }
}
