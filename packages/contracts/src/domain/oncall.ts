import { z } from 'zod'

export const escalationTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('schedule'), scheduleId: z.string() }),
  z.object({ kind: z.literal('user'), userId: z.string() }),
  z.object({ kind: z.literal('channel'), channelId: z.string() }),
])
export type EscalationTarget = z.infer<typeof escalationTarget>

export const escalationStepSpec = z.object({
  /** How long this step may go unacknowledged before the next one. */
  delaySeconds: z.number().int().min(1).max(86_400),
  targets: z.array(escalationTarget).min(1).max(10),
})
export type EscalationStepSpec = z.infer<typeof escalationStepSpec>

/** A policy as it was when an escalation started; later edits do not change a walk under way. */
export const escalationSnapshot = z.object({
  policyId: z.string(),
  name: z.string(),
  /** How many more times the whole list is walked after the first. */
  repeatCount: z.number().int().min(0).max(20),
  steps: z.array(escalationStepSpec).min(1).max(10),
})
export type EscalationSnapshot = z.infer<typeof escalationSnapshot>

/** Weekly rotation: one participant a week, in order, handed over at a local time in the schedule's zone. */
export const weeklyRotation = z.object({
  timeZone: z.string(),
  /** 1 Monday .. 7 Sunday (ISO). */
  handoffWeekday: z.number().int().min(1).max(7),
  /** Local time HH:MM. */
  handoffTime: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  /** Local date YYYY-MM-DD whose week belongs to the first participant. */
  startsOn: z.iso.date(),
  /** User ids in turn. */
  participants: z.array(z.string()).min(1).max(50),
})
export type WeeklyRotation = z.infer<typeof weeklyRotation>

/** Someone takes the shift of whoever is on call, half-open [startsAt, endsAt), epoch ms. */
export interface ScheduleOverride {
  id: string
  userId: string
  startsAt: number
  endsAt: number
}

/** A half-open interval [startsAt, endsAt) in which one person is on call, epoch ms. */
export const shift = z.object({ userId: z.string(), startsAt: z.number(), endsAt: z.number(), override: z.boolean() })
export type Shift = z.infer<typeof shift>
