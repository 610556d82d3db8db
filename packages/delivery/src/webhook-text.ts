import { webhookBody, type Severity, type WebhookBody } from '@nines/contracts'
import { actUrl } from './alert-link.ts'

/** What a message says about an alert. Instants are epoch ms. */
export interface AlertFacts {
  id: string
  severity: Severity
  state: string
  summary: string
  firedAt: number | null
  resolvedAt: number | null
  service: { id: string; name: string; runbookUrl: string | null }
  slo: { id: string; name: string; target: number; budgetRemaining: number | null }
  incident: { id: string; number: number } | null
}

export interface PageFacts {
  id: string
  /** From 0, as stored. */
  step: number
  round: number
  responder: { id: string; name: string; email: string } | null
  reason: string
}

export interface MessageContext {
  workspaceSlug: string
  publicUrl: string
  /** When the message was made, epoch ms. */
  now: number
}

/** The bytes of a page. `linkToken` comes from alertLinkToken. */
export function pageText(context: MessageContext, alert: AlertFacts, page: PageFacts, linkToken: string): string {
  return text({
    type: 'page.created',
    timestamp: iso(context.now),
    data: {
      workspace: context.workspaceSlug,
      message: `[${alert.severity}] ${alert.summary}`,
      page: { ...page, step: page.step + 1, round: page.round + 1 },
      ...alertParts(context, alert, linkToken),
    },
  })
}

/** The bytes of the notice that an alert which paged is over. */
export function resolvedText(context: MessageContext, alert: AlertFacts, linkToken: string): string {
  return text({
    type: 'alert.resolved',
    timestamp: iso(context.now),
    data: {
      workspace: context.workspaceSlug,
      message: `[resolved] ${alert.summary}`,
      ...alertParts(context, alert, linkToken),
    },
  })
}

/** The bytes of a test message. */
export function channelTestText(context: MessageContext, channelName: string): string {
  return text({
    type: 'channel.test',
    timestamp: iso(context.now),
    data: { workspace: context.workspaceSlug, message: `Test message to channel ${channelName}` },
  })
}

function alertParts(context: MessageContext, alert: AlertFacts, linkToken: string): Partial<WebhookBody['data']> {
  const base = context.publicUrl.replace(/\/+$/, '')
  const workspace = `${base}/w/${encodeURIComponent(context.workspaceSlug)}`
  const { incident, ...facts } = alert
  return {
    alert: { ...facts, firedAt: isoOrNull(alert.firedAt), resolvedAt: isoOrNull(alert.resolvedAt) },
    ...(incident && { incident: { ...incident, url: `${workspace}/incidents/${incident.id}` } }),
    links: { alert: `${workspace}/alerts/${alert.id}`, act: actUrl(base, linkToken) },
  }
}

function text(body: WebhookBody): string {
  return JSON.stringify(webhookBody.parse(body))
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at)
}
