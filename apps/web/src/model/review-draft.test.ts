import { reviewSections } from '@nines/contracts'
import { expect, test } from 'vitest'
import { missingParts, responseSteps, sameDraft, type ReviewDraft } from './review-draft.ts'

const times = {
  impactAt: null,
  detectedAt: null,
  pagedAt: null,
  acknowledgedAt: null,
  mitigatedAt: null,
  resolvedAt: null,
}

function emptyDraft(): ReviewDraft {
  const sections = reviewSections.parse({
    factors: { narrative: '', items: [] },
    defences: { narrative: '', items: [] },
    restoration: { narrative: '', items: [] },
    prevention: { narrative: '' },
    detection: { narrative: '', times },
  })
  return { title: 'A', summary: '', impact: '', sections }
}

test('an empty review names every part that is missing, and each part that is written is named no more', () => {
  const draft = emptyDraft()
  expect(missingParts(draft, 0)).toEqual([
    'Summary',
    'Impact',
    'Contributing factors',
    'Defences',
    'Restoration',
    'Prevention',
    'Detection and response',
  ])
  draft.summary = 's'
  draft.sections.factors.items.push({ id: '1', description: 'x', classes: [], role: 'trigger', evidence: [] })
  draft.sections.restoration.narrative = 'switched back'
  expect(missingParts(draft, 1)).toEqual(['Impact', 'Defences', 'Detection and response'])
})

test('drafts are compared by what they say', () => {
  const draft = emptyDraft()
  expect(sameDraft(draft, emptyDraft())).toBe(true)
  expect(sameDraft({ ...draft, impact: 'none' }, draft)).toBe(false)
})

test('response times count from the start of impact, and missing evidence stays missing', () => {
  const steps = responseSteps({ ...times, impactAt: 1_000_000, detectedAt: 1_060_000, resolvedAt: 1_600_000 })
  expect(steps.map(({ label, sinceImpact }) => [label, sinceImpact])).toEqual([
    ['Impact began', 0],
    ['Detected', 60],
    ['Paged', null],
    ['Acknowledged', null],
    ['Mitigated', null],
    ['Resolved', 600],
  ])
  expect(responseSteps({ ...times, detectedAt: 5, pagedAt: 2_005 })[2]?.sinceImpact).toBe(2)
})
