import { z } from 'zod'
import { sloWindow } from './slo-window.ts'

/** What happens when little of a budget is left. Messages go through channels, signed and tried again as pages are. */
export const budgetAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('notify'), channelId: z.string().min(1) }),
  /** A message with a key that stays the same, so that its receiver updates one ticket instead of opening others. */
  z.object({ kind: z.literal('ticket'), channelId: z.string().min(1) }),
  /** The gate of the SLO lets no deploy pass. */
  z.object({ kind: z.literal('freeze') }),
  /** What people agreed to do; messages, timelines and the SLO's page say it. */
  z.object({ kind: z.literal('note'), text: z.string().trim().min(1).max(500) }),
])
export type BudgetAction = z.infer<typeof budgetAction>

export const budgetStep = z.object({
  /** Entered when this share of the budget or less is left: 0.25 is a quarter, 0 spent, below 0 overspent. */
  budgetLeftBelow: z.number().min(-100).lt(1),
  actions: z.array(budgetAction).min(1, 'choose what happens').max(8),
})
export type BudgetStep = z.infer<typeof budgetStep>

const subjectOf = (action: BudgetAction) =>
  action.kind === 'notify' || action.kind === 'ticket' ? `${action.kind} ${action.channelId}` : action.kind

/** Steps of one policy, each known by its threshold. */
export const budgetSteps = z
  .array(budgetStep)
  .min(1)
  .max(8)
  .superRefine((steps, context) => {
    for (const [index, { budgetLeftBelow, actions }] of steps.entries()) {
      if (steps.findIndex((step) => step.budgetLeftBelow === budgetLeftBelow) < index) {
        const message = 'another step begins there'
        context.addIssue({ code: 'custom', path: [index, 'budgetLeftBelow'], message })
      }
      const subjects = actions.map(subjectOf)
      for (const [i, subject] of subjects.entries()) {
        if (subjects.indexOf(subject) === i) continue
        context.addIssue({ code: 'custom', path: [index, 'actions', i], message: 'the step does that already' })
      }
    }
  })

/** What the gate says while it is not known what is left. A freeze that is in force stays in force either way. */
export const budgetUnknown = z.enum(['allow', 'freeze'])
export type BudgetUnknown = z.infer<typeof budgetUnknown>

/** An objective of an SLO by its place: 0 is the first. */
export const objectiveIndex = z.number().int().min(0).max(7)

/** A step that is in force for one objective of an SLO. */
export const enteredStep = z.object({
  objective: objectiveIndex,
  budgetLeftBelow: z.number(),
  /** Epoch ms of the evaluation that found it. */
  since: z.number(),
})
export type EnteredStep = z.infer<typeof enteredStep>

/** What was left of one objective's budget at an evaluation. */
export const budgetReadingObjective = z.object({
  objective: objectiveIndex,
  target: z.number(),
  window: sloWindow,
  /** The window, epoch ms; of the calendar the whole period. */
  from: z.number(),
  to: z.number(),
  /** null where the window holds no events. */
  budgetRemaining: z.number().nullable(),
})
export type BudgetReadingObjective = z.infer<typeof budgetReadingObjective>

/** What was left of an SLO's budgets at an evaluation: of all objectives, whatever a policy watches. */
export const budgetReading = z.object({
  /** SLO version. */
  version: z.number().int(),
  /** Epoch ms. */
  at: z.number().int(),
  /** False while too little was measured lately to say anything. */
  isMeasured: z.boolean(),
  objectives: z.array(budgetReadingObjective).min(1).max(8),
})
export type BudgetReading = z.infer<typeof budgetReading>

export const budgetEventKind = z.enum(['entered', 'left'])
export type BudgetEventKind = z.infer<typeof budgetEventKind>

/**
 * Why a step was entered or left. budget: by what is left. period: the calendar's next period began. objective: a new
 * version of the SLO has it no more. policy: the step, or the policy, no longer holds for the SLO.
 */
export const budgetEventCause = z.enum(['budget', 'period', 'objective', 'policy'])
export type BudgetEventCause = z.infer<typeof budgetEventCause>

/** Hysteresis where a policy names none, as a share of the budget. */
export const DEFAULT_BUDGET_MARGIN = 0.05
