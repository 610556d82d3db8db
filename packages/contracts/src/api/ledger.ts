import { z } from 'zod'
import { changeKind } from '../domain/change.ts'
import { incidentSeverity, incidentState } from '../domain/incident.ts'
import { budgetShare } from '../domain/ledger.ts'
import { sloWindow } from '../domain/slo-window.ts'
import { route } from './route.ts'
import { idParams, instant } from './shared.ts'

const incidentCause = z.object({
  kind: z.literal('incident'),
  id: z.string(),
  number: z.number().int(),
  title: z.string(),
  severity: incidentSeverity,
  state: incidentState,
})
const changeCause = z.object({
  kind: z.literal('change'),
  id: z.string(),
  changeKind,
  title: z.string(),
  version: z.string().nullable(),
  environment: z.string(),
  url: z.string().nullable(),
  at: z.number(),
})
const maintenanceCause = z.object({ kind: z.literal('maintenance'), id: z.string(), title: z.string() })
export const ledgerCause = z.discriminatedUnion('kind', [
  incidentCause,
  changeCause,
  maintenanceCause,
  z.object({ kind: z.literal('unattributed') }),
])
export type LedgerCauseDto = z.infer<typeof ledgerCause>

export const ledgerEntryDto = budgetShare.extend({
  cause: ledgerCause,
  /** Minutes with bad events, or of bad slices of time; the first and last of them, epoch ms of their starts. */
  minutes: z.number().int(),
  first: z.number().nullable(),
  last: z.number().nullable(),
})
export type LedgerEntryDto = z.infer<typeof ledgerEntryDto>

export const sloLedger = z.object({
  /** Whole minutes [from, to), epoch ms. */
  from: z.number(),
  to: z.number(),
  version: z.number().int(),
  /** Which of the SLO's objectives, from 0; its target and window. */
  objective: z.number().int(),
  target: z.number(),
  window: sloWindow,
  /** What was spent in [from, to): its units are the sum of the entries' units. */
  spent: budgetShare,
  /** Bad events that the budget of the window at `to` allows; null while it holds no events. */
  budgetEvents: z.number().nullable(),
  /** What corrections keep out of it: measured minutes that they change, and bad events that would have been spent. */
  corrected: z.object({ minutes: z.number().int(), badEvents: z.number() }),
  /** A burn that begins within this time after a change is put down to it. */
  changeLookBackSeconds: z.number(),
  /** Largest first; `unattributed` is always there, and last. */
  entries: z.array(ledgerEntryDto),
})
export type SloLedger = z.infer<typeof sloLedger>

export const getSloLedger = route({
  id: 'getSloLedger',
  method: 'GET',
  path: '/api/v1/slos/:id/ledger',
  tag: 'SLOs',
  summary: 'What spent the error budget: incidents, maintenance, changes, and what nothing explains',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  query: z.object({
    from: instant.optional().describe("left out, the start of the objective's window at `to`"),
    to: instant.optional().describe('left out, now'),
    objective: z.coerce
      .number()
      .int()
      .min(0)
      .max(7)
      .default(0)
      .describe('whose budget: 0 for the first objective, 1 for the first further one, and so on'),
  }),
  response: sloLedger,
})
