import { z } from 'zod'
import { compositeCombine } from './composite-sli.ts'
import { correctionEffect } from './correction.ts'
import { calendarUnit, sloWindow } from './slo-window.ts'

/** Whether an objective was met over a period; undefined where no events were measured. Compared exactly, never rounded. */
export const reportResult = z.enum(['met', 'missed', 'undefined'])
export type ReportResult = z.infer<typeof reportResult>

/** A time [from, to), epoch ms. */
const span = z.object({ from: z.number(), to: z.number() })

/** An amount of a period's error budget, said in four ways; null without events. */
const budgetAmount = z.object({
  /** Bad events. */
  events: z.number().nullable(),
  /** Minutes of bad slices, where the SLI counts slices of time, and bad minutes of an all-of composite; null for other SLIs. */
  minutes: z.number().nullable(),
  /** Share of the period's budget: 1 is all of it. */
  share: z.number().nullable(),
  /** Seconds of full outage that spend as much under even traffic. */
  outageSeconds: z.number().nullable(),
})
export type ReportAmount = z.infer<typeof budgetAmount>

/** What one class of causes spent. The units of the four classes sum to the whole exactly. */
const reportSpend = budgetAmount.extend({
  kind: z.enum(['incident', 'maintenance', 'change', 'unattributed']),
  /** Bad events in thousandths. */
  units: z.number().int(),
})

/** A version while it was in force, as far as the period covers it; of a composite its part of what the whole row comes to. */
const reportVersion = span.extend({
  version: z.number().int(),
  target: z.number(),
  window: sloWindow,
  good: z.number(),
  total: z.number(),
})

export const reportedObjective = z.object({
  /** 1 for the objective that alert rules watch, then the further ones in their order. */
  objective: z.number().int(),
  /** The newest that was in force; where it changed in the period, each event is judged by the one that held then. */
  target: z.number(),
  window: sloWindow,
  /** Of the indicator: `ratio`, `time_slices`, `composite`, … */
  sliKind: z.string(),
  /**
   * What a composite was made of over the row, as one window: its members at the versions that held at the row's end, and their
   * SLIs (null without a say). null of an SLO with slices of its own.
   */
  composite: z
    .object({
      combine: compositeCombine,
      members: z.array(
        z.object({ sloId: z.string(), name: z.string(), version: z.number().int(), sli: z.number().nullable() }),
      ),
    })
    .nullable(),
  /** Versions in force, one after the other. A new indicator begins a new row: its events do not add up with the old ones. */
  versions: z.array(reportVersion),
  ...span.shape,
  good: z.number(),
  total: z.number(),
  sli: z.number().nullable(),
  result: reportResult,
  /** What the period allowed: the sum of (1 - target) x total. `outageSeconds` is of the time that counts. */
  budget: budgetAmount.omit({ share: true }),
  consumed: budgetAmount,
  /** Negative when overspent. */
  left: budgetAmount,
  /** Always all four classes. */
  spend: z.array(reportSpend),
  coverage: z.object({
    /** Minutes of the row's time, those that were measured (of a composite: of any SLO below it), and those with events. */
    minutes: z.number().int(),
    measured: z.number().int(),
    withEvents: z.number().int(),
    /** measured / minutes. */
    share: z.number(),
  }),
  /**
   * Measured minutes that corrections change, and the bad events that they keep from being spent. Of a composite: minutes in which they
   * change what any SLO below it counts, and how many more of its events would be bad without them all.
   */
  corrected: z.object({ excludedMinutes: z.number(), goodMinutes: z.number(), badEvents: z.number() }),
  /** The same objective with the same indicator over the period before; null where there was none. */
  previous: z
    .object({
      good: z.number(),
      total: z.number(),
      sli: z.number().nullable(),
      result: reportResult,
      consumedShare: z.number().nullable(),
      coverageShare: z.number(),
      /** SLI less that of the period before; null where one is undefined. */
      sliChange: z.number().nullable(),
    })
    .nullable(),
})
export type ReportedObjective = z.infer<typeof reportedObjective>

/** Incidents that opened in the period; of a composite those of the SLOs below it as well. Medians are of those that were acknowledged or resolved by the instant known. */
export const reportIncidents = z.object({
  count: z.number().int(),
  acknowledged: z.number().int(),
  resolved: z.number().int(),
  /** From opening. */
  medianAcknowledgeSeconds: z.number().nullable(),
  medianResolveSeconds: z.number().nullable(),
})
export type ReportIncidents = z.infer<typeof reportIncidents>

export const reportedSlo = z.object({
  sloId: z.string(),
  slug: z.string(),
  name: z.string(),
  service: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  /** Epoch ms. */
  createdAt: z.number(),
  archivedAt: z.number().nullable(),
  /** Missed when one of its objectives was; met when all were. */
  result: reportResult,
  objectives: z.array(reportedObjective),
  /** Corrections with time in the period; `minutes` overlaps where corrections do. */
  corrections: z.array(
    z.object({ id: z.string(), effect: correctionEffect, reason: z.string(), minutes: z.number().int() }),
  ),
  incidents: reportIncidents,
})
export type ReportedSlo = z.infer<typeof reportedSlo>

/** How many SLOs were met: a count, never an average of SLIs. */
export const reportTotals = z.object({
  slos: z.number().int(),
  met: z.number().int(),
  missed: z.number().int(),
  undefined: z.number().int(),
})
export type ReportTotals = z.infer<typeof reportTotals>

export const reportedTeam = z.object({
  /** null: services without a team. */
  team: z.object({ id: z.string(), slug: z.string(), name: z.string() }).nullable(),
  totals: reportTotals,
  previousTotals: reportTotals,
  /** Each incident once. */
  incidents: reportIncidents,
  slos: z.array(reportedSlo),
})
export type ReportedTeam = z.infer<typeof reportedTeam>

export const sloReport = z.object({
  /** Slug. */
  workspace: z.string(),
  period: span.extend({
    /** null for a time that was given by its bounds. */
    unit: calendarUnit.nullable(),
    zone: z.string(),
    /** Its name in the zone: `March 2026`, `2026-W13`, `Q1 2026`. */
    label: z.string(),
    /** Minutes that ended by then count, epoch ms: `to` once the period is over. */
    until: z.number(),
    isOver: z.boolean(),
  }),
  previousPeriod: span.extend({ label: z.string() }),
  /** What was known at this instant, epoch ms. */
  asOf: z.number(),
  generatedAt: z.number(),
  totals: reportTotals,
  previousTotals: reportTotals,
  incidents: reportIncidents,
  teams: z.array(reportedTeam),
})
export type SloReport = z.infer<typeof sloReport>
