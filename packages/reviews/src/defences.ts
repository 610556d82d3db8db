import type { ReviewSections } from '@nines/contracts'
import { firedPairOf } from './fired-pair.ts'
import { responseTimes } from './response-times.ts'
import type { AlertEvidence, CheckEvidence, ReviewEvidence } from './review-evidence.ts'
import { countText, durationText, secondText } from './review-text.ts'

export type Defence = ReviewSections['defences']['items'][number]
type Found = Omit<Defence, 'id' | 'evidence'> & { evidence?: string[] }

/** Which defences existed and what each of them saw, as far as it was recorded. */
export function defencesOf(evidence: ReviewEvidence): Defence[] {
  const found: Found[] = [
    ...evidence.alerts.map((alert) => burnAlert(alert, evidence)),
    ...checks(evidence),
    runbook(evidence),
    escalation(evidence),
  ]
  return found.map((defence, i) => ({ evidence: [], ...defence, id: `defence-${i + 1}` }))
}

function burnAlert(alert: AlertEvidence, evidence: ReviewEvidence): Found {
  const name = `SLO ${alert.sloName}, rule ${alert.ruleName}`
  const pair = firedPairOf(alert)
  if (alert.firedAt === null) {
    return { name, kind: 'slo', outcome: 'present_not_triggered', whatItSaw: 'It did not fire.' }
  }
  const burns = pair
    ? ` It saw a burn of ${rate(pair.long.burnRate)} over ${durationText(pair.longSeconds * 1000)} and ` +
      `${rate(pair.short.burnRate)} over ${durationText(pair.shortSeconds * 1000)}; its limit is ${rate(pair.factor)}.`
    : silenceText(alert)
  const after =
    evidence.impactAt === null ? '' : `, ${durationText(alert.firedAt - evidence.impactAt)} after impact began`
  const silenced = alert.silenced ? ' A silence held its pages back.' : ''
  return {
    name,
    kind: 'slo',
    outcome: alert.silenced ? 'bypassed' : 'worked',
    whatItSaw: `It fired at ${secondText(alert.firedAt)}${after}.${burns}${silenced}`,
    evidence: evidence.timeline.filter((e) => e.kind === 'alert_fired' && e.at === alert.firedAt).map((e) => e.id),
  }
}

function silenceText({ firedEvidence }: AlertEvidence): string {
  if (firedEvidence?.kind !== 'absence') return ''
  return ` It had seen no measurement for ${durationText(firedEvidence.unmeasuredSeconds * 1000)}.`
}

function rate(burn: number | null): string {
  return burn === null ? 'nothing' : `${Number(burn.toPrecision(3))}x`
}

function checks({ checks: list, service }: ReviewEvidence): Found[] {
  if (list.length > 0) return list.map(check)
  const whatItSaw = `${service.name} has no synthetic check.`
  return [{ name: 'Synthetic check', kind: 'check', outcome: 'absent', whatItSaw }]
}

function check({ name, enabled, runs }: CheckEvidence): Found {
  const base = { name: `Check ${name}`, kind: 'check' as const }
  if (!enabled) return { ...base, outcome: 'bypassed', whatItSaw: 'It was switched off.' }
  if (runs === null || runs.total === 0) {
    return { ...base, outcome: 'present_not_triggered', whatItSaw: 'No run of it is recorded for this time.' }
  }
  const counted = `${runs.failed} of ${countText(runs.total, 'run')} failed`
  if (runs.firstFailedAt === null) {
    return { ...base, outcome: 'present_not_triggered', whatItSaw: `It saw nothing: ${counted}.` }
  }
  return { ...base, outcome: 'worked', whatItSaw: `${counted}, the first at ${secondText(runs.firstFailedAt)}.` }
}

function runbook({ service }: ReviewEvidence): Found {
  const base = { name: 'Runbook', kind: 'runbook' as const }
  if (service.runbookUrl === null) {
    return { ...base, outcome: 'absent', whatItSaw: `${service.name} has no runbook link.` }
  }
  const whatItSaw = `${service.runbookUrl} was linked in every page. Whether it helped is not recorded.`
  return { ...base, outcome: 'present_not_triggered', whatItSaw }
}

function escalation(evidence: ReviewEvidence): Found {
  const base = { name: `Escalation policy ${evidence.policyName ?? ''}`.trim(), kind: 'other' as const }
  if (evidence.policyName === null) {
    return { ...base, outcome: 'absent', whatItSaw: 'No policy was set, so nobody was paged.' }
  }
  const delivered = evidence.pages.filter((page) => page.deliveries.some((d) => d.succeeded)).length
  const failures = evidence.pages.flatMap((page) => page.deliveries).filter((d) => !d.succeeded).length
  const skipped = evidence.timeline.filter((e) => e.kind === 'escalated' && e.data.skipped === true)
  const { pagedAt, acknowledgedAt } = responseTimes(evidence)
  const parts = [
    `${countText(evidence.pages.length, 'page')} made, ${delivered} delivered`,
    ...(failures > 0 ? [`${countText(failures, 'attempt')} to deliver failed`] : []),
    ...(skipped.length > 0 ? [`${countText(skipped.length, 'step')} reached nobody`] : []),
    acknowledgement(pagedAt, acknowledgedAt),
  ]
  const outcome =
    delivered === 0 ? 'present_not_triggered' : acknowledgedAt === null ? 'triggered_ignored' : ('worked' as const)
  return { ...base, outcome, whatItSaw: `${parts.join('; ')}.`, evidence: skipped.map((e) => e.id) }
}

function acknowledgement(pagedAt: number | null, acknowledgedAt: number | null): string {
  if (acknowledgedAt === null) return 'no acknowledgement was recorded'
  if (pagedAt === null || acknowledgedAt < pagedAt) return 'acknowledged without waiting for a page'
  return `a responder acknowledged ${durationText(acknowledgedAt - pagedAt)} after the first delivery`
}
