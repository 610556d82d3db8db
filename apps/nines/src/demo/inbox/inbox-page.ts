import type { FaultMode } from '../shop/faults.ts'
import type { ShopServiceName } from '../shop/shop-routes.ts'
import type { ReceivedMessage } from './inbox.ts'

export interface InboxPageFacts {
  messages: readonly ReceivedMessage[]
  broken: Partial<Record<ShopServiceName, FaultMode>>
  dashboardUrl: string
  now: number
}

/** The inbox as a page that renews itself: what a phone would have shown to whoever is on call. */
export function inboxPage({ messages, broken, dashboardUrl, now }: InboxPageFacts): string {
  const trouble = Object.entries(broken).map(([service, mode]) => `${service} (${mode})`)
  const state = trouble.length === 0 ? 'The shop works.' : `Broken on purpose: ${trouble.join(', ')}.`
  const list = messages.map((message) => article(message, now)).join('')
  return layout(
    'Demo webhook inbox',
    `<p class="state">${escape(state)} <a href="${escape(dashboardUrl)}">Open the dashboard</a></p>
${list || '<p class="empty">No page yet. Break something: <code>npm run demo -- break checkout</code></p>'}`,
    2,
  )
}

/** What to do about a service of the demo. */
export function runbookPage(service: ShopServiceName): string {
  const steps = [
    'Acknowledge the page: the link is in the inbox, the button on the alert.',
    `Look at the SLO of ${service}: is it errors or latency, and since when?`,
    `The demonstration was broken on purpose. Mend it: <code>npm run demo -- mend ${service}</code>`,
    'Watch the burn rate fall. The alert and the incident resolve by themselves; a review is drafted.',
  ]
  return layout(`Runbook: shop ${service}`, `<ol>${steps.map((step) => `<li>${step}</li>`).join('')}</ol>`, null)
}

function article({ id, receivedAt, deliveries, signatureProblem, body }: ReceivedMessage, now: number): string {
  const ageSeconds = Math.max(0, Math.round((now - receivedAt) / 1000))
  const signed =
    signatureProblem === null
      ? '<span class="good">signature verified</span>'
      : `<span class="bad">signature wrong: ${escape(signatureProblem)}</span>`
  const repeats = deliveries > 1 ? ` · delivered ${deliveries} times` : ''
  const responder = body?.data.page?.responder
  const reason = body?.data.page ? `<p class="why">${escape(body.data.page.reason)}</p>` : ''
  return `<article class="${body?.type === 'page.created' ? 'page' : ''}">
<h2>${escape(body?.data.message ?? 'unreadable message')}</h2>
<p>${escape(body?.type ?? '')}${responder ? ` · to ${escape(responder.name)}` : ''} · ${ageSeconds} s ago · ${signed}${repeats}</p>
${reason}${links(body)}
<p class="id">${escape(id)}</p></article>`
}

function links(body: ReceivedMessage['body']): string {
  const found: [string, string | undefined | null][] = [
    ['Acknowledge', body?.type === 'page.created' ? body.data.links?.act : undefined],
    ['Alert', body?.data.links?.alert],
    ['Incident', body?.data.incident?.url],
    ['Runbook', body?.data.alert?.service.runbookUrl],
  ]
  const anchors = found.filter(([, url]) => url).map(([text, url]) => `<a href="${escape(url ?? '')}">${text}</a>`)
  return anchors.length === 0 ? '' : `<p class="links">${anchors.join(' ')}</p>`
}

function layout(title: string, content: string, refreshSeconds: number | null): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
${refreshSeconds === null ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">`}<title>${escape(title)}</title>
<style>:root{color-scheme:light dark;font:16px/1.5 system-ui}body{max-width:46rem;margin:2rem auto;padding:0 1rem}
article{border:1px solid #8886;border-radius:8px;padding:.25rem 1rem;margin:1rem 0}article.page{border-left:6px solid #e03131}
h2{font-size:1.05rem;margin:.5rem 0}p{margin:.4rem 0}.id,.why{font-size:.85rem;opacity:.75}.good{color:#2b8a3e}.bad{color:#e03131}
.links a{margin-right:1rem}@media(prefers-color-scheme:dark){.good{color:#69db7c}.bad{color:#ff8787}}</style>
<h1>${escape(title)}</h1>${content}</html>`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
