import { signToken, verifyToken } from '@nines/kernel'
import { z } from 'zod'

const PURPOSE = 'alert-link'
export const ALERT_LINK_VALID_MS = 7 * 86_400_000

const alertLink = z.object({
  alertId: z.string(),
  workspaceId: z.string(),
  /** Whom the page was for; null when it went to a channel. */
  responderId: z.string().nullable(),
  /** Epoch ms after which the link opens nothing. */
  exp: z.number(),
})
export type AlertLink = z.infer<typeof alertLink>

/** A capability to acknowledge or resolve one alert, carried by its pages. Valid for seven days. */
export function alertLinkToken(link: Omit<AlertLink, 'exp'>, now: number, secretKey: string): string {
  return signToken(PURPOSE, { ...link, exp: now + ALERT_LINK_VALID_MS }, secretKey)
}

/** What a link was made for, or undefined when it was tampered with, made with another key or has expired. */
export function readAlertLink(token: string, now: number, secretKey: string): AlertLink | undefined {
  const parsed = alertLink.safeParse(verifyToken(PURPOSE, token, secretKey))
  return parsed.success && parsed.data.exp > now ? parsed.data : undefined
}

/** Where a responder acts on an alert. The token stands behind the `#`, so that it reaches no server log. */
export function actUrl(publicUrl: string, token: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/act#${token}`
}
