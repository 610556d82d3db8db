import type { ResponseTimes } from './response-times.ts'
import type { Defence } from './defences.ts'
import { durationText } from './review-text.ts'

/** Detection slower than this is worth a question. */
const SLOW_DETECTION_MS = 5 * 60_000

/** Gaps that the evidence itself shows, as questions: what would have to be different next time. */
export function preventionNarrative(defences: readonly Defence[], times: ResponseTimes): string {
  const questions: string[] = []
  for (const { name, outcome } of defences) {
    if (outcome === 'absent') questions.push(`${name} was missing: would it have helped, and who can add it?`)
    if (outcome === 'bypassed') questions.push(`${name} was switched off or silenced: what made that necessary?`)
    if (outcome === 'triggered_ignored')
      questions.push(`${name} reached a responder without effect: what stood in the way?`)
    if (outcome === 'present_not_triggered' && name.startsWith('Check ')) {
      questions.push(`${name} stayed quiet: what would it have to look at to see this?`)
    }
  }
  const { impactAt, detectedAt, mitigatedAt } = times
  if (impactAt !== null && detectedAt !== null && detectedAt - impactAt > SLOW_DETECTION_MS) {
    questions.push(`Detection took ${durationText(detectedAt - impactAt)}: which signal was there earlier?`)
  }
  if (mitigatedAt === null)
    questions.push('No mitigation was recorded: what ended the impact, and would it work again?')
  if (questions.length === 0)
    questions.push('The recorded defences worked: what would make this impossible or harmless?')
  return questions.map((q) => `- ${q}`).join('\n')
}
