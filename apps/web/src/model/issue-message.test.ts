import { createChannel, createCheck, createSilence, createSlo } from '@nines/contracts'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { issueMessage, type SchemaIssue } from './issue-message.ts'

function messages(schema: z.ZodType | undefined, value: unknown): Record<string, string> {
  const issues = schema?.safeParse(value).error?.issues ?? []
  return Object.fromEntries(issues.map((issue) => [issue.path.join('.'), issueMessage(issue as SchemaIssue)]))
}

test('what a person left out or got wrong is named in words', () => {
  expect(messages(createChannel.body, { name: '', url: 'pager' })).toEqual({
    name: 'Required',
    url: 'Enter an address that begins with https:// or http://',
  })
  expect(messages(createSilence.body, { endsAt: '', comment: 'x'.repeat(501) })).toEqual({
    endsAt: 'Enter a date',
    comment: 'At most 500 characters',
  })
  const check = { name: 'a', intervalSeconds: 1, timeoutMs: 1e9, config: { kind: 'http', url: 'https://example.com' } }
  expect(messages(createCheck.body, check)).toEqual({ intervalSeconds: 'At least 5', timeoutMs: 'At most 60000' })
})

test("a schema's own message stays", () => {
  const slo = {
    slug: 'Not A Slug',
    name: 'a',
    serviceId: 's',
    target: 0.9,
    sli: { kind: 'availability', checkId: 'c' },
  }
  expect(messages(createSlo.body, slo)).toEqual({ slug: 'use a-z, 0-9 and hyphens, at most 63 characters' })
})
