export { startHealthServer, type HealthServer } from './health-server.ts'
export { registerHealth, type Dependencies, type HealthOptions } from './register-health.ts'
export { stoppable } from './stoppable.ts'
