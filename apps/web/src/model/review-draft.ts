import type { ReviewDetail, ReviewSections } from '@nines/contracts'

/** The part of a review its author edits. */
export interface ReviewDraft {
  title: string
  summary: string
  impact: string
  sections: ReviewSections
}

export function draftOf(review: ReviewDetail): ReviewDraft {
  return { title: review.title, summary: review.summary, impact: review.impact, sections: review.sections }
}

export function sameDraft(a: ReviewDraft, b: ReviewDraft): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** What a review still lacks before it can be published, as headings of the page. */
export function missingParts(draft: ReviewDraft, actionCount: number): string[] {
  const { sections } = draft
  const missing: string[] = []
  if (draft.summary.trim() === '') missing.push('Summary')
  if (draft.impact.trim() === '') missing.push('Impact')
  if (sections.factors.items.length === 0) missing.push('Contributing factors')
  if (sections.defences.items.length === 0) missing.push('Defences')
  if (sections.restoration.items.length === 0 && sections.restoration.narrative.trim() === '') {
    missing.push('Restoration')
  }
  if (actionCount === 0 && sections.prevention.narrative.trim() === '') missing.push('Prevention')
  if (sections.detection.narrative.trim() === '') missing.push('Detection and response')
  return missing
}

export interface ResponseStep {
  label: string
  at: number | null
  /** Seconds since the impact started; null when either is unknown. */
  sinceImpact: number | null
}

/** The response as a chain of instants measured from the start of impact (or of detection when that is unknown). */
export function responseSteps(times: ReviewSections['detection']['times']): ResponseStep[] {
  const origin = times.impactAt ?? times.detectedAt
  const step = (label: string, at: number | null): ResponseStep => ({
    label,
    at,
    sinceImpact: at === null || origin === null ? null : (at - origin) / 1000,
  })
  return [
    step('Impact began', times.impactAt),
    step('Detected', times.detectedAt),
    step('Paged', times.pagedAt),
    step('Acknowledged', times.acknowledgedAt),
    step('Mitigated', times.mitigatedAt),
    step('Resolved', times.resolvedAt),
  ]
}
