export { impactStart, type ImpactMinute } from './impact-start.ts'
export { incidentSeverityOf } from './incident-severity.ts'
export * from './timeline.ts'
export { transitionIncident, type IncidentEvent, type IncidentMachine, type IncidentTransition } from './transition.ts'
