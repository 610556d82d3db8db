import {
  instantText,
  type ChangeKind,
  type IncidentSeverity,
  type IncidentState,
  type Severity,
  type TimelineKind,
} from '@nines/contracts'

/** A timeline event to be recorded once: (source, sourceId) is unique within an incident. */
export interface TimelineDraft {
  source: string
  sourceId: string
  kind: TimelineKind
  /** When it happened, epoch ms. */
  at: number
  summary: string
  actorId: string | null
  actorName: string | null
  data: Record<string, unknown>
}

/** Who did something; both null for the system itself. */
export interface Actor {
  id: string | null
  name: string | null
  /** By which way: `api`, `link`, `web`. */
  via: string | null
}

const bySystem = { actorId: null, actorName: null }
const byActor = (actor: Actor) => ({ actorId: actor.id, actorName: actor.name })
const stepText = (step: number, round: number) => `step ${step + 1}${round > 0 ? `, round ${round + 1}` : ''}`

export function alertFired(alert: { id: string; summary: string; severity: Severity; at: number }): TimelineDraft {
  return {
    source: 'alert',
    sourceId: `${alert.id}:fired`,
    kind: 'alert_fired',
    at: alert.at,
    summary: alert.summary,
    ...bySystem,
    data: { alertId: alert.id, severity: alert.severity },
  }
}

export function alertAcknowledged(alert: { id: string; at: number }, actor: Actor): TimelineDraft {
  return {
    source: 'alert',
    sourceId: `${alert.id}:acknowledged`,
    kind: 'alert_acknowledged',
    at: alert.at,
    summary: `Acknowledged by ${actor.name ?? 'an unnamed responder'}`,
    ...byActor(actor),
    data: { alertId: alert.id, via: actor.via },
  }
}

/** By `rule`: the actor did not resolve the alert but what `via` says, such as `disabling its rule`. */
export function alertResolved(
  alert: { id: string; at: number },
  by: 'condition' | 'person' | 'rule',
  actor: Actor,
): TimelineDraft {
  const who = actor.name ?? 'a person'
  const summary = {
    condition: 'Resolved: its condition cleared',
    person: `Resolved by ${who}`,
    rule: `Resolved by ${actor.via ?? 'a change of its rule'} (${who})`,
  }[by]
  return {
    source: 'alert',
    sourceId: `${alert.id}:resolved`,
    kind: 'alert_resolved',
    at: alert.at,
    summary,
    ...(by === 'condition' ? bySystem : byActor(actor)),
    data: { alertId: alert.id, by, via: actor.via },
  }
}

export function incidentOpened(incident: {
  id: string
  number: number
  severity: IncidentSeverity
  alertId: string
  at: number
}): TimelineDraft {
  return {
    source: 'incident',
    sourceId: `${incident.id}:opened`,
    kind: 'incident_opened',
    at: incident.at,
    summary: `Incident #${incident.number} opened as ${incident.severity.replace('sev', 'SEV ')}`,
    ...bySystem,
    data: { alertId: incident.alertId, severity: incident.severity },
  }
}

export function incidentStateChanged(
  incident: { id: string; version: number; from: IncidentState; to: IncidentState; at: number },
  actor: Actor,
): TimelineDraft {
  const who = actor.name ? ` by ${actor.name}` : ''
  return {
    source: 'incident',
    sourceId: `${incident.id}:v${incident.version}`,
    kind: 'incident_state',
    at: incident.at,
    summary: `Incident ${incident.to}${who}${actor.name ? '' : ': all its alerts are resolved'}`,
    ...byActor(actor),
    data: { from: incident.from, to: incident.to },
  }
}

export function pageCreated(page: {
  id: string
  alertId: string
  step: number
  round: number
  responderName: string | null
  channelName: string
  reason: string
  at: number
}): TimelineDraft {
  return {
    source: 'page',
    sourceId: page.id,
    kind: 'page_created',
    at: page.at,
    summary: `Paged ${page.responderName ?? 'a channel'} through ${page.channelName} (${stepText(page.step, page.round)})`,
    ...bySystem,
    data: { pageId: page.id, alertId: page.alertId, step: page.step, round: page.round, reason: page.reason },
  }
}

export function deliverySucceeded(delivery: {
  messageId: string
  pageId: string | null
  channelName: string
  attempt: number
  at: number
}): TimelineDraft {
  const tries = delivery.attempt > 1 ? ` on attempt ${delivery.attempt}` : ''
  return {
    source: 'message',
    sourceId: `${delivery.messageId}:delivered`,
    kind: 'delivery_succeeded',
    at: delivery.at,
    summary: `Delivered to ${delivery.channelName}${tries}`,
    ...bySystem,
    data: { messageId: delivery.messageId, pageId: delivery.pageId, attempt: delivery.attempt },
  }
}

/** `final`: it will not be tried again. The attempts in between are in the delivery log, not on the timeline. */
export function deliveryFailed(delivery: {
  messageId: string
  pageId: string | null
  channelName: string
  attempt: number
  error: string
  final: boolean
  at: number
}): TimelineDraft {
  const what = delivery.final ? `Gave up on ${delivery.channelName}` : `Delivery to ${delivery.channelName} failed`
  return {
    source: 'message',
    sourceId: `${delivery.messageId}:${delivery.final ? 'gave_up' : 'failed'}`,
    kind: 'delivery_failed',
    at: delivery.at,
    summary: `${what}: ${delivery.error}${delivery.final ? '' : '; it is tried again'}`,
    ...bySystem,
    data: { messageId: delivery.messageId, pageId: delivery.pageId, attempt: delivery.attempt, final: delivery.final },
  }
}

export interface EscalationMoment {
  escalationId: string
  alertId: string
  step: number
  round: number
  at: number
}

/** A step that paged nobody, and why. */
export function stepSkipped(moment: EscalationMoment, reason: string): TimelineDraft {
  return {
    source: 'escalation',
    sourceId: `${moment.escalationId}:${moment.round}:${moment.step}:skipped`,
    kind: 'escalated',
    at: moment.at,
    summary: `Nobody paged by ${stepText(moment.step, moment.round)}: ${reason}`,
    ...bySystem,
    data: { alertId: moment.alertId, step: moment.step, round: moment.round, skipped: true, reason },
  }
}

/** One target of a step that could not be paged while others were. */
export function targetUnreachable(moment: EscalationMoment, target: string, reason: string): TimelineDraft {
  return {
    source: 'escalation',
    sourceId: `${moment.escalationId}:${moment.round}:${moment.step}:unreachable:${target}`,
    kind: 'escalated',
    at: moment.at,
    summary: `Not reached by ${stepText(moment.step, moment.round)}: ${reason}`,
    ...bySystem,
    data: { alertId: moment.alertId, step: moment.step, round: moment.round, target, reason },
  }
}

/** The policy was walked to its end and nobody acknowledged. */
export function escalationExhausted(
  moment: Omit<EscalationMoment, 'step' | 'round'>,
  policyName: string,
): TimelineDraft {
  return {
    source: 'escalation',
    sourceId: `${moment.escalationId}:exhausted`,
    kind: 'escalated',
    at: moment.at,
    summary: `Policy ${policyName} is exhausted: nobody acknowledged`,
    ...bySystem,
    data: { alertId: moment.alertId, exhausted: true },
  }
}

/** Paging is held back; evaluation and resolution go on. */
export function pagingSilenced(
  alert: { id: string; at: number },
  silence: { id: string; comment: string; endsAt: number },
): TimelineDraft {
  return {
    source: 'silence',
    sourceId: `${alert.id}:${silence.id}`,
    kind: 'note',
    at: alert.at,
    summary: `Pages are held back by a silence until ${instantText(silence.endsAt)}: ${silence.comment}`,
    ...bySystem,
    data: { alertId: alert.id, silenceId: silence.id },
  }
}

/** A critical alert without a policy pages nobody, and says so. */
export function nobodyToPage(alert: { id: string; at: number }): TimelineDraft {
  return {
    source: 'alert',
    sourceId: `${alert.id}:no_policy`,
    kind: 'note',
    at: alert.at,
    summary: 'Nobody was paged: neither the rule nor the service has an escalation policy',
    ...bySystem,
    data: { alertId: alert.id },
  }
}

/** First minute in which the SLI was bad, from its slices. */
export function impactStarted(incidentId: string, at: number, sloName: string): TimelineDraft {
  return {
    source: 'impact',
    sourceId: incidentId,
    kind: 'impact_started',
    at,
    summary: `First bad minute of ${sloName}`,
    ...bySystem,
    data: {},
  }
}

/** A deploy or change of the service, before the incident or during it. */
export function changeHappened(change: {
  id: string
  kind: ChangeKind
  title: string
  author: string | null
  version: string | null
  environment: string
  url: string | null
  at: number
}): TimelineDraft {
  const { id, at, title, author, environment, ...data } = change
  return {
    source: 'change',
    sourceId: id,
    kind: 'change',
    at,
    summary: `${title}${environment === '' ? '' : ` in ${environment}`}`,
    actorId: null,
    actorName: author,
    data: { ...data, environment, changeId: id },
  }
}

/** A threshold on the error budget of an SLO that the incident's alerts watch. */
export function budgetCrossed({ id, summary, at }: { id: string; summary: string; at: number }): TimelineDraft {
  return {
    source: 'budget',
    sourceId: id,
    kind: 'budget_crossed',
    at,
    summary,
    ...bySystem,
    data: { budgetEventId: id },
  }
}
