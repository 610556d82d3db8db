import type { ReviewSections } from '@nines/contracts'
import type { ReviewEvidence } from './review-evidence.ts'
import { durationText, secondText } from './review-text.ts'

export type ResponseTimes = ReviewSections['detection']['times']

/** The instants of detection and response; null where nothing was recorded. */
export function responseTimes(evidence: ReviewEvidence): ResponseTimes {
  const mitigations = evidence.timeline.filter((e) => e.kind === 'mitigation').map((e) => e.at)
  return {
    impactAt: evidence.impactAt,
    detectedAt: earliest(evidence.alerts.map((a) => a.firedAt)),
    pagedAt: earliest(evidence.pages.map((p) => earliest(p.deliveries.filter((d) => d.succeeded).map((d) => d.at)))),
    acknowledgedAt: earliest([evidence.incident.acknowledgedAt, ...evidence.alerts.map((a) => a.acknowledgedAt)]),
    mitigatedAt: evidence.incident.mitigatedAt ?? latest(mitigations),
    resolvedAt: evidence.incident.resolvedAt,
  }
}

const STAGES: { key: keyof ResponseTimes; happened: string; missing: string }[] = [
  { key: 'impactAt', happened: 'Impact began', missing: 'The first bad minute is not known.' },
  { key: 'detectedAt', happened: 'detected', missing: 'No alert fired.' },
  { key: 'pagedAt', happened: 'page delivered', missing: 'No page was delivered.' },
  { key: 'acknowledgedAt', happened: 'acknowledged', missing: 'Nobody acknowledged.' },
  { key: 'mitigatedAt', happened: 'mitigated', missing: 'No mitigation was recorded.' },
  { key: 'resolvedAt', happened: 'resolved', missing: 'It is not resolved.' },
]

/** One line a stage: when, and how long after the stage before that was recorded. Missing evidence is named. */
export function responseNarrative(times: ResponseTimes): string {
  const lines: string[] = []
  let before: number | null = null
  for (const { key, happened, missing } of STAGES) {
    const at = times[key]
    if (at === null) {
      lines.push(missing)
      continue
    }
    const after = before === null ? '' : gapText(at - before)
    lines.push(`${happened.charAt(0).toUpperCase()}${happened.slice(1)} at ${secondText(at)}${after}.`)
    before = at
  }
  return lines.join('\n')
}

function gapText(ms: number): string {
  return ms >= 0 ? `, ${durationText(ms)} later` : `, ${durationText(-ms)} earlier`
}

function earliest(instants: (number | null)[]): number | null {
  const known = instants.filter((at) => at !== null)
  return known.length === 0 ? null : Math.min(...known)
}

function latest(instants: number[]): number | null {
  return instants.length === 0 ? null : Math.max(...instants)
}
