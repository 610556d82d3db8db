import { z } from 'zod'
import { alertBurn, alertCondition, severity } from '../domain/alert.ts'
import { correctedSpan } from '../domain/correction.ts'
import { sloWindow } from '../domain/slo-window.ts'
import { sliSpec } from '../domain/sli.ts'
import { sloTarget } from '../domain/slo.ts'
import { route } from './route.ts'
import { name } from './shared.ts'

/** A rule as it would be, or is, part of the SLO. Disabled ones are left out by the caller. */
export const backtestRule = z.object({ name, severity, condition: alertCondition })
export type BacktestRule = z.infer<typeof backtestRule>

const backtestInput = z.object({
  sli: sliSpec,
  target: sloTarget,
  window: sloWindow.default({ kind: 'rolling', days: 30 }),
  /** The rules; when left out, those of `sloId`, or else those that an SLO with this target and window starts with. */
  rules: z.array(backtestRule).max(20).optional(),
  /** An SLO that the draft changes: its enabled rules, as the change would leave them, and its corrections. */
  sloId: z.string().optional(),
  /** The service of the SLO: its corrections apply. Left out: that of `sloId`. */
  serviceId: z.string().optional(),
  /** How many days back, as far as telemetry is kept. */
  days: z.number().int().min(1).max(90).default(90),
})
export type BacktestInput = z.input<typeof backtestInput>

/** One alert that there would have been. Instants are epoch ms. */
const backtestAlert = z.object({
  /** When it would have paged or opened a ticket. */
  firedAt: z.number(),
  /** null: still firing at the end. */
  resolvedAt: z.number().nullable(),
  /** From firing to resolution, or to the end. */
  seconds: z.number(),
  /** The burns that made the condition true; null of a silence rule. */
  burn: alertBurn.nullable(),
})
export const backtestRuleResult = backtestRule.extend({
  /** What firing does: critical rules page, the others open a ticket. */
  action: z.enum(['page', 'ticket']),
  /** How often it would have fired, and the newest of the alerts, ascending. */
  count: z.number().int(),
  fired: z.array(backtestAlert),
  /** Conditions that went away before `forSeconds` had passed. */
  withdrawn: z.number().int(),
  /** Share of the time for which the rule could say nothing: no events, or not enough history. */
  noDataShare: z.number(),
})
export type BacktestRuleResult = z.infer<typeof backtestRuleResult>

const span = z.object({ from: z.number(), to: z.number() })

export const backtestReport = z.object({
  /** What was replayed, epoch ms, in steps of a minute. */
  from: z.number(),
  to: z.number(),
  target: z.number(),
  window: sloWindow,
  /** Events, or slices of time, as corrections make them. */
  good: z.number(),
  total: z.number(),
  /** good/total over the whole span; null when total is 0. */
  sli: z.number().nullable(),
  /** How often critical rules would have fired, and how often the others. */
  pages: z.number().int(),
  tickets: z.number().int(),
  rules: z.array(backtestRuleResult),
  budget: z.object({
    /** Least that was left of the window's budget and when; null while it was undefined all the time. */
    lowest: z.object({ at: z.number(), remaining: z.number() }).nullable(),
    /** What is left at the end: 1 untouched, 0 spent, negative overspent. */
    remaining: z.number().nullable(),
    /** For how long nothing was left. */
    spentSeconds: z.number(),
    stepSeconds: z.number(),
    /** At the end of each step: events in the step, and what was left of the window's budget. */
    points: z.array(
      z.object({ at: z.number(), good: z.number(), total: z.number(), remaining: z.number().nullable() }),
    ),
  }),
  /** What corrections that hold today changed: minutes that were measured, and bad events (or slices of time) that went away. */
  corrected: z.object({
    minutes: z.number().int(),
    badEvents: z.number(),
    /** The newest of the times, ascending, and how many more there are. */
    spans: z.array(correctedSpan),
    furtherSpans: z.number().int(),
  }),
  /** As it was measured: corrections do not make a gap. */
  coverage: z.object({
    minutes: z.number().int(),
    /** Minutes with any measurement, and those of them with events. */
    measured: z.number().int(),
    withEvents: z.number().int(),
    /** measured / minutes. */
    share: z.number(),
    /** The longest stretches without a measurement, ascending, and how many more there are. */
    gaps: z.array(span),
    furtherGaps: z.number().int(),
  }),
  /** Series that feed the SLI; of a check, 0. */
  series: z.number().int(),
  /** What could not be measured and why, for people. */
  limits: z.array(z.string()),
})
export type BacktestReport = z.infer<typeof backtestReport>

export const backtestSlo = route({
  id: 'backtestSlo',
  method: 'POST',
  path: '/api/v1/slos/backtest',
  tag: 'SLOs',
  summary: 'What an SLO and its rules would have done over the last days; saves nothing',
  access: { role: 'viewer', scope: 'read' },
  body: backtestInput,
  response: backtestReport,
})
