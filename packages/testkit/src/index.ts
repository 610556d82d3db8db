export { createOwnServices, type OwnServices } from './own-services.ts'
export { startTestServices, type TestServices, type TestServicesAddress } from './test-services.ts'
export { useServices } from './use-services.ts'
export { startWebhookSink, type ReceivedRequest, type ScriptedAnswer, type WebhookSink } from './webhook-sink.ts'
