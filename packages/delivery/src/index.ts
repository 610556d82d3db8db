export { actUrl, ALERT_LINK_VALID_MS, alertLinkToken, readAlertLink, type AlertLink } from './alert-link.ts'
export { budgetSummary, budgetText, type BudgetFacts } from './budget-text.ts'
export { GIVE_UP_AFTER_MS, parseRetryAfter, retryDelayMs, type FailedAttempt } from './retry-schedule.ts'
export { newWebhookSecret, webhookHeaders, type SignedMessage } from './sign-webhook.ts'
export { createWebhookSender, type WebhookAttempt, type WebhookRequest, type WebhookSender } from './webhook-sender.ts'
export {
  channelTestText,
  pageText,
  resolvedText,
  type AlertFacts,
  type MessageContext,
  type PageFacts,
} from './webhook-text.ts'
