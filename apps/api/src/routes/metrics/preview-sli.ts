import { isComposite, previewSli as route, sliSpec, type MeasuredSli, type OwnSli } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { countedMinutes, HOUR_MS, isEventSli, isTimeSlices, minuteOf, MinuteSeries } from '@nines/slo'
import type { Telemetry } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'
import {
  previewCheckMinutes,
  previewEventMinutes,
  previewSeriesMinutes,
  type SliPreview,
  type Span,
} from './preview-minutes.ts'
import { requireCheck } from './require-check.ts'
import { placedMeasure } from './require-valid-matchers.ts'
import { requireValidSli } from './require-valid-sli.ts'

export const previewSli = handle(route, async ({ workspace, body }, context) => {
  const sli = parseSli(body.sli)
  requireValidSli(sli, 'body/sli')
  const to = Date.now()
  const span = { workspace: workspace.number, from: minuteOf(to - HOUR_MS), to }
  const { sli: measured, path } = placedMeasure(sli, 'body/sli')
  if (measured.kind === 'availability') await requireCheck(context, workspace.id, measured.checkId, path)
  return asCounted(sli, await previewOf(context.telemetry, measured, span), to)
})

function previewOf(telemetry: Telemetry, sli: MeasuredSli, span: Span): Promise<SliPreview> {
  if (sli.kind === 'availability') return previewCheckMinutes(telemetry, sli.checkId, span)
  if (isEventSli(sli)) return previewEventMinutes(telemetry, sli, span)
  return previewSeriesMinutes(telemetry, sli, span)
}

/** The preview with slices of time in place of minutes where the SLI has them. */
function asCounted(sli: OwnSli, preview: SliPreview, now: number): SliPreview {
  if (!isTimeSlices(sli)) return preview
  const minutes = new MinuteSeries()
  for (const { at, good, total } of preview.minutes) minutes.set(at, { good, total })
  const counted = countedMinutes(sli, minutes, now)
  return {
    ...preview,
    minutes: preview.minutes.map(({ at }) => ({ at, ...(counted.get(at) ?? { good: 0, total: 0 }) })),
  }
}

function parseSli(value: unknown): OwnSli {
  const parsed = sliSpec.safeParse(value)
  if (parsed.success && !isComposite(parsed.data)) return parsed.data
  if (parsed.success) {
    const message = 'a composite has no telemetry of its own; its backtest says how it would have fared'
    throw new NinesError('invalid', `body/sli: ${message}`, { issues: [{ path: 'body/sli', message }] })
  }
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: ['body', 'sli', ...path].join('/'), message }))
  throw new NinesError('invalid', issues.map((issue) => `${issue.path}: ${issue.message}`).join('; '), { issues })
}
