export { isTimeZone } from './local-time.ts'
export {
  nextStep,
  UNREACHABLE_RETRY_MS,
  type EscalationPosition,
  type SkippedStep,
  type StepDecision,
  type StepReach,
} from './next-step.ts'
export { onCallAt, shiftsBetween } from './shifts.ts'
export { turnAt, turnsBetween, type Turn } from './weekly-rotation.ts'
