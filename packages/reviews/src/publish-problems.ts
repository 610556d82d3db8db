import type { ReviewSections } from '@nines/contracts'

/** What is looked at before a review is published; a review as the API answers it fits. */
export interface PublishableReview {
  summary: string
  impact: string
  sections: ReviewSections
  actions: readonly unknown[]
}

/** Sections that are still empty, by JSON path; an empty list means it can be published. */
export function publishProblems(review: PublishableReview): { path: string; message: string }[] {
  const { factors, defences, restoration, prevention, detection } = review.sections
  const problems: { path: string; message: string }[] = []
  const need = (filled: boolean, path: string, message: string) => {
    if (!filled) problems.push({ path, message })
  }
  need(said(review.summary), 'summary', 'the summary is empty')
  need(said(review.impact), 'impact', 'the impact is empty')
  need(factors.items.length > 0, 'sections/factors/items', 'no contributing factor is named')
  for (const [i, factor] of factors.items.entries()) {
    need(said(factor.description), `sections/factors/items/${i}/description`, `factor ${i + 1} has no description`)
  }
  need(defences.items.length > 0 || said(defences.narrative), 'sections/defences', 'no defence is described')
  need(
    restoration.items.length > 0 || said(restoration.narrative),
    'sections/restoration',
    'what restored service is not described',
  )
  need(
    review.actions.length > 0 || said(prevention.narrative),
    'sections/prevention',
    'prevention names neither an action nor a thought',
  )
  need(said(detection.narrative), 'sections/detection/narrative', 'detection and response are not described')
  return problems
}

function said(text: string): boolean {
  return text.trim() !== ''
}
