import {
  isComposite,
  nominalDays,
  type BacktestReport,
  type BacktestRule,
  type CompositeSli,
  type CorrectedSpan,
  type Objective,
} from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { loadComposite, type LoadedMember } from '@nines/ledger'
import { findMemberSlos, getSlo, listComposites } from '@nines/records'
import {
  compositeGraph,
  cycleThrough,
  DAY_MS,
  effectAt,
  HOUR_MS,
  keptOut,
  MinuteSeries,
  silenceTerms,
  type Span,
} from '@nines/slo'
import type { KnownSlice } from '@nines/telemetry'
import type { ApiContext } from '../../../context.ts'
import { shownSpans } from './backtest-corrections.ts'
import { backtestReport } from './backtest-report.ts'

/** A draft of a composite; of one that exists with its id. */
export interface CompositeDraft extends Objective {
  sli: CompositeSli
  days: number
  rules: readonly BacktestRule[]
  sloId: string | undefined
  /** Of a new one: the corrections of its service apply. */
  serviceId: string | undefined
}

/**
 * Replays the rules of a composite over the stored slices of its members: what they counted at the time, not their telemetry
 * again, so that it reaches back as far as their windows did.
 */
export async function backtestComposite(
  context: ApiContext,
  workspace: { id: string; number: number },
  draft: CompositeDraft,
  { signal, to }: { signal: AbortSignal; to: number },
): Promise<BacktestReport> {
  const { sli, target, window, rules, days } = draft
  await requireUsableMembers(context, workspace.id, draft)
  const asked = to - days * DAY_MS
  // Corrections of members, of the service and of the workspace apply, and those of an SLO that is changed.
  const { sloId } = draft
  const known = sloId === undefined ? '' : (await getSlo(context.prisma, workspace.id, sloId)).service.id
  const serviceId = draft.serviceId ?? known
  const owner = { workspaceId: workspace.id, workspaceNumber: workspace.number, serviceId }
  const range = { from: asked - (nominalDays(window) + 1) * DAY_MS, to }
  const slo = { id: sloId ?? '', version: 0, sli, ...owner }
  const { composite, members, measured: slices, corrected: own } = await loadComposite(context, slo, range)
  const measured = new MinuteSeries()
  for (const { minute, good, total } of slices) measured.add(minute, good, total)
  const from = Math.max(asked, composite.earliestMinute() ?? asked)
  const silence = silenceTerms(members.flatMap(({ below }) => below.map((one) => one.checkCadence)))
  const minutes = { measured, counted: composite.counts, replayed: composite }
  const report = await backtestReport(minutes, { target, window, rules, silence, from, to }, signal)
  const corrected = correctedOf(own, slices, { from, to })
  return { ...report, corrected, series: 0, limits: limitsOf(report, members, days) }
}

/** What the corrections of the composite itself keep out, in minutes and events of its members. */
function correctedOf(
  marks: readonly CorrectedSpan[],
  slices: readonly KnownSlice[],
  { from, to }: Span,
): BacktestReport['corrected'] {
  const { shown, ...listed } = shownSpans(marks, from)
  const kept = keptOut(slices, shown, { from, to })
  const minutes = new Set(slices.flatMap(({ minute }) => (effectAt(shown, minute) === null ? [] : minute))).size
  return { minutes, badEvents: kept.badEvents, ...listed }
}

async function requireUsableMembers(
  { prisma }: ApiContext,
  workspaceId: string,
  { sli, sloId = '' }: CompositeDraft,
): Promise<void> {
  const ids = sli.members.map((member) => member.sloId)
  const known = await findMemberSlos(prisma, workspaceId, ids)
  const composites = await listComposites(prisma, workspaceId)
  const graph = compositeGraph([...composites.filter(({ id }) => id !== sloId), { id: sloId, sli }])
  const circle = cycleThrough(graph, sloId)
  const issues = ids.flatMap((id, i) => {
    const path = `body/sli/members/${i}/sloId`
    if (!known.has(id)) return [{ path, message: 'there is no such SLO' }]
    return circle?.[1] === id ? [{ path, message: 'leads back to this SLO' }] : []
  })
  if (issues.length === 0) return
  throw new NinesError('invalid', issues.map(({ path, message }) => `${path}: ${message}`).join('; '), { issues })
}

function limitsOf(
  { from, to, coverage, sli }: Pick<BacktestReport, 'from' | 'to' | 'coverage' | 'sli'>,
  members: readonly LoadedMember[],
  days: number,
): string[] {
  const limits: string[] = []
  const replayed = Math.round((to - from) / DAY_MS)
  if (replayed < days) {
    const why = 'the histories of the members were computed for their own windows'
    const span = replayed < 1 ? `${Math.round((to - from) / HOUR_MS)} h` : `${replayed} of ${days} days`
    limits.push(`Only the last ${span} were looked at: ${why}.`)
  }
  const leaves = members.flatMap((member) => (isComposite(member.slo.sli) ? [] : [member]))
  for (const { slo, measured } of leaves) {
    const [first] = measured
    if (!first) limits.push(`Nothing is stored of ${slo.name}.`)
    else if (first.minute > from + HOUR_MS) {
      const since = new Date(first.minute).toISOString().slice(0, 16).replace('T', ' ')
      limits.push(`Nothing is stored of ${slo.name} before ${since} UTC.`)
    }
  }
  if (coverage.measured > 0 && sli === null) limits.push('There was no event, so that there is no SLI.')
  return limits
}
