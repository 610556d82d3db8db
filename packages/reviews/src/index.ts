export { draftReview, type ReviewDraft } from './draft-review.ts'
export { publishProblems, type PublishableReview } from './publish-problems.ts'
export type { AlertEvidence, CheckEvidence, DeliveryEvidence, PageEvidence, ReviewEvidence } from './review-evidence.ts'
