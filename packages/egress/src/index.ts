export { addressRefusal, type AddressPolicy } from './address-policy.ts'
export { guardedAgent, type GuardedAgentOptions } from './guarded-agent.ts'
export { guardedConnector, type ConnectionTimings, type GuardedConnectorOptions } from './guarded-connector.ts'
