import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { inboxPage } from './inbox-page.ts'
import { Inbox } from './inbox.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const OTHER = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
const NOW = Date.now()
const body = (message: string) =>
  JSON.stringify({
    type: 'page.created',
    timestamp: new Date(NOW).toISOString(),
    data: { workspace: 'main', message, links: { alert: 'http://x/alerts/1', act: 'http://x/act#t' } },
  })
const signed = (id: string, raw: string, secret = SECRET) => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(NOW / 1000)),
  'webhook-signature': new Webhook(secret).sign(id, new Date(NOW), raw),
})
const render = (inbox: Inbox) =>
  inboxPage({ messages: inbox.messages, broken: { checkout: 'errors' }, dashboardUrl: 'http://x', now: NOW })

describe('Inbox', () => {
  it('verifies signatures, also those of the secret before a rotation', () => {
    const inbox = new Inbox()
    const raw = body('checkout burns')
    expect(inbox.receive(raw, signed('msg_1', raw), [SECRET], NOW).signatureProblem).toBeNull()
    expect(inbox.receive(raw, signed('msg_2', raw, OTHER), [SECRET, OTHER], NOW).signatureProblem).toBeNull()
    expect(inbox.receive(raw, signed('msg_3', raw, OTHER), [SECRET], NOW).signatureProblem).toContain('signature')
    expect(inbox.receive(`${raw} `, signed('msg_4', raw), [SECRET], NOW).signatureProblem).toContain('signature')
    expect(render(inbox)).toContain('signature verified')
    expect(render(inbox)).toContain('signature wrong')
  })

  it('counts a repeat as another delivery of the same message', () => {
    const inbox = new Inbox()
    const raw = body('checkout burns')
    for (let turn = 0; turn < 3; turn++) inbox.receive(raw, signed('msg_1', raw), [SECRET], NOW)
    expect(inbox.messages).toHaveLength(1)
    expect(render(inbox)).toContain('delivered 3 times')
  })

  it('shows markup in a message as text', () => {
    const inbox = new Inbox()
    const raw = body('<script>alert(1)</script>')
    inbox.receive(raw, signed('msg_1', raw), [SECRET], NOW)
    expect(render(inbox)).not.toContain('<script>')
    expect(render(inbox)).toContain('checkout (errors)')
  })
})
