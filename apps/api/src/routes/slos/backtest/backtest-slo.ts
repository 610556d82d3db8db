import {
  backtestSlo as route,
  isComposite,
  nominalDays,
  type BacktestReport,
  type BacktestRule,
  type MeasuredSli,
  type Objective,
} from '@nines/contracts'
import { checkCadences, getSlo, getTelemetrySettings } from '@nines/records'
import { DAY_MS, defaultAlertRules, followDefaultRule, minuteOf, silenceTerms } from '@nines/slo'
import type { ApiContext } from '../../../context.ts'
import { handle } from '../../../http/handle.ts'
import { requireCheck } from '../../metrics/require-check.ts'
import { placedMeasure } from '../../metrics/require-valid-matchers.ts'
import { requireUsableSli } from '../require-usable-sli.ts'
import { backtestCorrections, correctPast } from './backtest-corrections.ts'
import { backtestComposite } from './backtest-composite.ts'
import { backtestReport } from './backtest-report.ts'
import type { PastMinutes } from './past-minutes.ts'

/** The newest minute that is replayed ended at least this long ago: points of it have arrived by then. */
const SETTLING_MS = 60_000
/** The first steps look back a whole window. In steps of 31 days, so that trying windows seldom counts anything anew. */
const LOOK_BACK_DAYS = 31

export const backtestSlo = handle(route, async ({ workspace, body, signal }, context) => {
  const { sli, target, window, days } = body
  const rules = body.rules ?? (await rulesOf(context, workspace.id, body.sloId, { target, window }))
  if (isComposite(sli)) {
    const draft = { sli, target, window, days, rules, sloId: body.sloId, serviceId: body.serviceId }
    return backtestComposite(context, workspace, draft, { signal, to: minuteOf(Date.now() - SETTLING_MS) })
  }
  const corrections = await backtestCorrections(context, workspace.id, body)
  await requireUsableSli(context, workspace.number, sli)
  const { sli: measured, path } = placedMeasure(sli, 'body/sli')
  if (measured.kind === 'availability') await requireCheck(context, workspace.id, measured.checkId, path)
  const cadenceOf = await checkCadences(context.prisma, workspace.id)
  const silence = silenceTerms([cadenceOf(sli)])
  const now = Date.now()
  const to = minuteOf(now - SETTLING_MS)
  const keptDays = await keptDaysOf(context, workspace.id, measured.kind)
  const lookBack = Math.ceil((nominalDays(window) + 1) / LOOK_BACK_DAYS) * LOOK_BACK_DAYS
  const from = to - Math.min(days + lookBack, keptDays) * DAY_MS
  const past = await context.pastMinutes.read({ workspaceNumber: workspace.number, sli, from, to }, signal)
  const span = { from: Math.max(past.from, past.to - days * DAY_MS), to: past.to }
  const { corrected, ...minutes } = correctPast(past, sli, corrections, span)
  const report = await backtestReport(minutes, { target, window, rules, silence, ...span }, signal)
  const limits = limitsOf(report, past, { days, keptDays, kind: measured.kind })
  return { ...report, corrected, series: past.series, limits }
})

/** The rules of an SLO as they would be under another objective, or those that a new one starts with. */
async function rulesOf(
  { prisma }: ApiContext,
  workspaceId: string,
  sloId: string | undefined,
  objective: Objective,
): Promise<BacktestRule[]> {
  if (sloId === undefined) return defaultAlertRules(objective)
  const slo = await getSlo(prisma, workspaceId, sloId)
  return slo.rules
    .filter((rule) => rule.enabled)
    .map(({ name, severity, condition }) => ({
      name,
      severity,
      condition: followDefaultRule({ name, condition }, slo, objective),
    }))
}

/** Runs of checks are kept as long as there is a window for them. */
async function keptDaysOf({ prisma }: ApiContext, workspaceId: string, kind: MeasuredSli['kind']): Promise<number> {
  if (kind === 'availability') return Infinity
  const { settings } = await getTelemetrySettings(prisma, workspaceId)
  if (kind === 'spans') return settings.tracesRetentionDays
  return kind === 'logs' ? settings.logsRetentionDays : settings.metricsRetentionDays
}

function limitsOf(
  { from, to, coverage, sli }: Pick<BacktestReport, 'from' | 'to' | 'coverage' | 'sli'>,
  past: PastMinutes,
  { days, keptDays, kind }: { days: number; keptDays: number; kind: MeasuredSli['kind'] },
): string[] {
  const replayed = Math.round((to - from) / DAY_MS)
  const limits: string[] = []
  const isOfSeries = !['availability', 'spans', 'logs'].includes(kind)
  if (isOfSeries && past.series === 0) limits.push('No series feeds the SLI: nothing was measured.')
  if (replayed < days) {
    const why =
      keptDays < days
        ? `its telemetry is kept for ${keptDays} days`
        : `${past.series} series feed the SLI, more than can be counted while you wait`
    limits.push(`Only the last ${replayed} of ${days} days were looked at: ${why}.`)
  }
  const [first] = coverage.gaps
  if (coverage.measured > 0 && first?.from === from && first.to - first.from > DAY_MS / 24) {
    const since = new Date(first.to).toISOString().slice(0, 16).replace('T', ' ')
    limits.push(`Nothing was measured before ${since} UTC, so that rules and budget start from no history there.`)
  }
  if (coverage.measured > 0 && sli === null) limits.push('There was no event, so that there is no SLI.')
  return limits
}
