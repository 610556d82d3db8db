import {
  backtestSlo as route,
  nominalDays,
  type BacktestReport,
  type BacktestRule,
  type Objective,
} from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { getCheck, getSlo, getTelemetrySettings } from '@nines/records'
import { DAY_MS, defaultBurnRateRules, followDefaultRule, minuteOf } from '@nines/slo'
import type { ApiContext } from '../../../context.ts'
import { handle } from '../../../http/handle.ts'
import { requireUsableSli } from '../require-usable-sli.ts'
import { backtestReport } from './backtest-report.ts'
import type { PastMinutes } from './past-minutes.ts'

/** The newest minute that is replayed ended at least this long ago: points of it have arrived by then. */
const SETTLING_MS = 60_000
/** The first steps look back a whole window. In steps of 31 days, so that trying windows seldom counts anything anew. */
const LOOK_BACK_DAYS = 31

export const backtestSlo = handle(route, async ({ workspace, body, signal }, context) => {
  const { sli, target, window, days } = body
  const rules = body.rules ?? (await rulesOf(context, workspace.id, body.sloId, { target, window }))
  await requireUsableSli(context, workspace.number, sli)
  if (sli.kind === 'availability') await requireCheck(context, workspace.id, sli.checkId)
  const now = Date.now()
  const to = minuteOf(now - SETTLING_MS)
  const keptDays = await keptDaysOf(context, workspace.id, sli.kind)
  const lookBack = Math.ceil((nominalDays(window) + 1) / LOOK_BACK_DAYS) * LOOK_BACK_DAYS
  const from = to - Math.min(days + lookBack, keptDays) * DAY_MS
  const past = await context.pastMinutes.read({ workspaceNumber: workspace.number, sli, from, to }, signal)
  const span = { from: Math.max(past.from, past.to - days * DAY_MS), to: past.to }
  const report = await backtestReport(past.minutes, { target, window, rules, ...span }, signal)
  return { ...report, series: past.series, limits: limitsOf(report, past, { days, keptDays, kind: sli.kind }) }
})

async function requireCheck({ prisma }: ApiContext, workspaceId: string, checkId: string): Promise<void> {
  await getCheck(prisma, workspaceId, checkId).catch((error: unknown) => {
    if (!(error instanceof NinesError) || error.code !== 'not_found') throw error
    throw new NinesError('invalid', error.message, { issues: [{ path: 'body/sli/checkId', message: error.message }] })
  })
}

/** The rules of an SLO as they would be under another objective, or those that a new one starts with. */
async function rulesOf(
  { prisma }: ApiContext,
  workspaceId: string,
  sloId: string | undefined,
  objective: Objective,
): Promise<BacktestRule[]> {
  if (sloId === undefined) return defaultBurnRateRules(objective)
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
async function keptDaysOf({ prisma }: ApiContext, workspaceId: string, kind: string): Promise<number> {
  if (kind === 'availability') return Infinity
  const { settings } = await getTelemetrySettings(prisma, workspaceId)
  return settings.metricsRetentionDays
}

function limitsOf(
  { from, to, coverage, sli }: Omit<BacktestReport, 'series' | 'limits'>,
  past: PastMinutes,
  { days, keptDays, kind }: { days: number; keptDays: number; kind: string },
): string[] {
  const replayed = Math.round((to - from) / DAY_MS)
  const limits: string[] = []
  if (kind !== 'availability' && past.series === 0) limits.push('No series feeds the SLI: nothing was measured.')
  if (replayed < days) {
    const why =
      keptDays < days
        ? `metrics are kept for ${keptDays} days`
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
