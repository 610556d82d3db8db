import { windowText, type IncidentBudget, type ReviewSections, type TimelineEntry } from '@nines/contracts'
import { defencesOf } from './defences.ts'
import { firedPairOf } from './fired-pair.ts'
import { preventionNarrative } from './prevention.ts'
import { responseNarrative, responseTimes, type ResponseTimes } from './response-times.ts'
import type { ReviewEvidence } from './review-evidence.ts'
import {
  countText,
  durationText,
  numberText,
  percentText,
  secondText,
  severityText,
  targetText,
} from './review-text.ts'

export interface ReviewDraft {
  title: string
  summary: string
  impact: string
  sections: ReviewSections
}

/**
 * A review as far as the evidence carries it: the five questions with what was recorded, for people to complete. It
 * speaks of roles and never of persons, asks how and what and never who, and knows no single root cause. The
 * contributing factors are left to the authors: no record says what they were.
 */
export function draftReview(evidence: ReviewEvidence): ReviewDraft {
  const times = responseTimes(evidence)
  const defences = defencesOf(evidence)
  return {
    title: `#${evidence.incident.number} ${evidence.incident.title}`,
    summary: summaryText(evidence, times),
    impact: impactText(evidence, times),
    sections: {
      factors: { narrative: factorsNarrative(evidence, times), items: [] },
      defences: { narrative: defencesNarrative(defences), items: defences },
      restoration: restoration(evidence, times),
      prevention: { narrative: preventionNarrative(defences, times) },
      detection: { narrative: responseNarrative(times), times },
    },
  }
}

function summaryText({ incident, service, alerts }: ReviewEvidence, times: ResponseTimes): string {
  const began = times.impactAt ?? incident.openedAt
  const lasted = times.resolvedAt === null ? 'and is not over' : `and lasted ${durationText(times.resolvedAt - began)}`
  return (
    `${service.name} had a ${severityText(incident.severity)} incident. It began at ${secondText(began)} ${lasted}. ` +
    alertsText(alerts)
  )
}

function alertsText([first, ...others]: ReviewEvidence['alerts']): string {
  if (first === undefined) return 'No alert fired.'
  if (others.length === 0) return `One alert fired: ${first.summary}.`
  return `${others.length + 1} alerts fired, the first of them: ${first.summary}.`
}

function impactText({ budgets, alerts }: ReviewEvidence, times: ResponseTimes): string {
  const lines: string[] = []
  if (times.impactAt !== null && times.resolvedAt !== null) {
    lines.push(`From the first bad minute to resolution: ${durationText(times.resolvedAt - times.impactAt)}.`)
  }
  lines.push(...budgets.map((budget) => (budget.objective === 0 ? budgetText(budget) : furtherBudgetText(budget))))
  for (const alert of alerts) {
    const { sloName } = alert
    const window = firedPairOf(alert)?.long
    if (!window || window.total === 0) continue
    const bad = window.total - window.good
    lines.push(
      `When ${sloName} alerted, ${numberText(bad)} of ${numberText(window.total)} events over ` +
        `${durationText(window.windowSeconds * 1000)} were bad (${percentText(bad / window.total)}).`,
    )
  }
  return lines.length > 0 ? lines.join('\n') : 'No measurement of the impact was recorded.'
}

/** One line of the ledger: the share, what it is in time of full outage, and the events behind it. */
function budgetText({ sloName, window, share, outageSeconds, badEvents }: IncidentBudget): string {
  const bad = `${numberText(badEvents)} bad ${badEvents === 1 ? 'event' : 'events'}`
  if (share === null || outageSeconds === null) return `${sloName} saw ${bad}.`
  return (
    `It spent ${percentText(share)} of the error budget of ${sloName} over ${windowText(window)} (${bad}), ` +
    `as much as ${durationText(outageSeconds * 1000)} of full outage.`
  )
}

/** A further objective counts the same events: what differs is the share. */
function furtherBudgetText({ sloName, target, window, share, outageSeconds }: IncidentBudget): string {
  const objective = `${targetText(target)} over ${windowText(window)}`
  if (share === null || outageSeconds === null) return `Of the budget of ${sloName} for ${objective} no share is known.`
  return (
    `Of the budget of ${sloName} for ${objective} it spent ${percentText(share)}, ` +
    `as much as ${durationText(outageSeconds * 1000)} of full outage.`
  )
}

/** The facts around the beginning, from which factors are found. */
function factorsNarrative({ timeline, incident }: ReviewEvidence, times: ResponseTimes): string {
  const began = times.impactAt ?? incident.openedAt
  const changes = timeline.filter((e) => e.kind === 'change')
  const notes = timeline.filter((e) => e.kind === 'note' && e.actorName !== null)
  const lines = [
    `The first sign was at ${secondText(began)}. What changed before it, in this service and in those it depends on?`,
    ...changes.map((change) => changeText(change, began)),
    'Which conditions had to come together? Each gets an entry of its own with the evidence that shows it.',
    ...notes.map((e) => `Noted by a responder at ${secondText(e.at)}: ${e.summary}`),
  ]
  return lines.join('\n')
}

function changeText({ at, summary }: TimelineEntry, began: number): string {
  const gap = began - at
  const when = gap > 0 ? `${durationText(gap)} before` : gap === 0 ? 'at that moment' : `${durationText(-gap)} after`
  return `Recorded at ${secondText(at)}, ${when}: ${summary}.`
}

function defencesNarrative(defences: { outcome: string }[]): string {
  const worked = defences.filter((d) => d.outcome === 'worked').length
  return `${worked} of ${countText(defences.length, 'recorded defence')} worked. What did each of them see?`
}

function restoration({ timeline }: ReviewEvidence, times: ResponseTimes): ReviewSections['restoration'] {
  const mitigations = timeline.filter((e) => e.kind === 'mitigation')
  const end = times.resolvedAt === null ? '' : ` The alerts cleared at ${secondText(times.resolvedAt)}.`
  const narrative =
    mitigations.length === 0
      ? `No restoring action was recorded during the incident.${end}`
      : `${countText(mitigations.length, 'restoring action')} recorded. What did each of them do?${end}`
  const items = mitigations.map((entry, i) => ({
    id: `restoring-${i + 1}`,
    description: entry.summary,
    effect: 'unknown' as const,
    at: entry.at,
    evidence: [entry.id],
  }))
  return { narrative, items }
}
