import { MinuteSeries } from '../minute-series.ts'
import type { EventCounts } from '../minute.ts'
import type { Span } from '../window-span.ts'
import { Composite } from './composite.ts'
import { scaledBy, spreadTerms, type Scale } from './spread-terms.ts'

/**
 * A composite as minutes that add up: given one window, every bad event of a member costs a known part of the composite's
 * budget, so that what the window spent can be put down to minutes, and so to incidents and changes. Over [from, to), on the minute
 * grid, the minutes sum to what the composite says of it; minutes around it are scaled alike.
 */
export function spreadMinutes(composite: Composite, { from, to }: Span): MinuteSeries {
  return composite.verdicts ?? spreadInto(new MinuteSeries(), composite, { from, to })
}

function spreadInto(into: MinuteSeries, composite: Composite, window: Span, scale = WHOLE): MinuteSeries {
  if (composite.verdicts) return addAll(into, composite.verdicts.minutes(), scale)
  for (const { member, event, silence } of spreadTerms(composite, window)) {
    const scaled = scaledBy(event, scale)
    if (member.minutes instanceof Composite) spreadInto(into, member.minutes, window, scaled)
    else addAll(into, member.minutes.minutes(), scaled)
    if (silence) addAll(into, silentMinutes(silence.presence.minutes()), scaledBy(silence, scale))
  }
  return into
}

const WHOLE: Scale = { bad: 1, all: 1 }

type CountedMinute = [minute: number, counts: EventCounts]

function addAll(into: MinuteSeries, minutes: Iterable<CountedMinute>, scale: Scale): MinuteSeries {
  for (const [minute, { good, total }] of minutes) {
    const all = total * scale.all
    into.add(minute, all - (total - good) * scale.bad, all)
  }
  return into
}

/** Each as one bad event. */
function* silentMinutes(presence: Iterable<CountedMinute>): Generator<CountedMinute> {
  for (const [minute, { good, total }] of presence) if (total !== good) yield [minute, { good: 0, total: 1 }]
}
