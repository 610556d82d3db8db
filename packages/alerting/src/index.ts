export {
  NO_ALERT,
  type AlertEffect,
  type AlertEvent,
  type AlertMachine,
  type AlertTiming,
  type IgnoredReason,
  type ResolvedBy,
  type Transition,
} from './alert-machine.ts'
export { alertBurnOf, alertSummary, type AlertSubject } from './alert-summary.ts'
export { alertTimingOf } from './alert-timing.ts'
export { replayAlert, type AlertEpisode } from './replay-alert.ts'
export { matchingSilences, type Silence, type SilenceSubject } from './silence.ts'
export { REOPEN_AFTER_MS, transition } from './transition.ts'
