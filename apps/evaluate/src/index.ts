export { evaluateTick, type TickState } from './evaluate-tick.ts'
export { EvaluationPlan } from './evaluation-plan.ts'
export { SloTracker } from './slo-tracker.ts'
export { openStores, start } from './start.ts'
