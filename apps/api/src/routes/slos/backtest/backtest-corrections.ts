import type { BacktestInput, BacktestReport, CorrectedSpan, OwnSli } from '@nines/contracts'
import { correctionsOf, getSlo, requireReferences } from '@nines/records'
import {
  CorrectedMinutes,
  correctedSpans,
  countedMinutes,
  effectAt,
  MINUTE_MS,
  type Correction,
  type MinuteSeries,
  type Span,
} from '@nines/slo'
import type { ApiContext } from '../../../context.ts'
import type { BacktestMinutes } from './backtest-report.ts'
import type { PastMinutes } from './past-minutes.ts'

const MOST_SPANS = 500

/**
 * The corrections that would apply to the SLO: those of the workspace, of its service, and its own where it exists. They are
 * those that hold today, for a correction is a view of the past that live evaluation takes over at once.
 */
export async function backtestCorrections(
  { prisma }: ApiContext,
  workspaceId: string,
  { sloId, serviceId }: Pick<BacktestInput, 'sloId' | 'serviceId'>,
): Promise<Correction[]> {
  if (serviceId !== undefined)
    await requireReferences(prisma, workspaceId, [{ kind: 'service', id: serviceId, path: 'body/serviceId' }])
  const service = serviceId ?? (sloId === undefined ? '' : (await getSlo(prisma, workspaceId, sloId)).service.id)
  return correctionsOf(prisma, { workspaceId, sloId: sloId ?? '', serviceId: service })
}

/** The past as live evaluation would have counted it under the corrections, and what they changed of the span. */
export function correctPast(
  past: Pick<PastMinutes, 'minutes' | 'from' | 'to'>,
  sli: OwnSli,
  corrections: readonly Correction[],
  span: Span,
): BacktestMinutes & Pick<BacktestReport, 'corrected'> {
  const measured = past.minutes
  const marks = correctedSpans(corrections, { from: past.from, to: past.to })
  const counted = countedMinutes(sli, marks.length === 0 ? measured : new CorrectedMinutes(measured, marks), past.to)
  const { shown, ...listed } = shownSpans(marks, span.from)
  if (shown.length === 0)
    return { measured, counted, replayed: counted, corrected: { minutes: 0, badEvents: 0, spans: [], furtherSpans: 0 } }
  let minutes = 0
  for (const [minute] of measured.minutes(span.from, span.to)) if (effectAt(shown, minute) !== null) minutes++
  const badEvents = badIn(countedMinutes(sli, measured, past.to), span) - badIn(counted, span)
  return { measured, counted, replayed: counted, corrected: { minutes, badEvents, ...listed } }
}

/** Corrected times that end behind `from`, and those of them that an answer lists: the newest. */
export function shownSpans(marks: readonly CorrectedSpan[], from: number) {
  const shown = marks.filter((mark) => mark.to > from)
  const spans = shown.slice(-MOST_SPANS)
  return { shown, spans, furtherSpans: shown.length - spans.length }
}

function badIn(minutes: MinuteSeries, { from, to }: Span): number {
  const { good, total } = minutes.sum(from, to - MINUTE_MS)
  return total - good
}
