import type { NoDataRule } from '@nines/contracts'
import { MINUTE_MS } from '../minute.ts'
import { ALIKE } from './combine-windows.ts'
import type { MinuteSource } from './minute-source.ts'
import { SilenceWalk, type SilenceTermsOfMember } from './silence-walk.ts'

/**
 * What a member says of a minute: it met its target or not; it was silent and counts as good or bad by its rule; or nothing,
 * for it had no events, or silence is ignored or has not lasted long enough to be called that.
 */
export type MemberVerdict = 'good' | 'bad' | 'silent_good' | 'silent_bad' | 'none'

export interface JudgedMember extends SilenceTermsOfMember {
  source: MinuteSource
  target: number
  noData: NoDataRule
}

/** What all members say of every minute of [from, to), which began before now; history begins at `since`. */
export function* memberVerdicts(
  members: readonly JudgedMember[],
  { from, to, since }: { from: number; to: number; since: number },
): Generator<{ minute: number; verdicts: MemberVerdict[]; isMeasured: boolean }> {
  const walks = members.map(({ source, silence, covered, noData }) =>
    noData === 'ignore' ? null : new SilenceWalk(source, { silence, covered }, { since, from }),
  )
  for (let minute = from; minute < to; minute += MINUTE_MS) {
    let isMeasured = false
    const verdicts = members.map(({ source, target, noData }, i): MemberVerdict => {
      const counts = source.get(minute)
      const isSilent = walks[i]?.isSilent(minute, counts) ?? false
      if (counts !== null) isMeasured = true
      if (counts !== null && counts.total > 0) return counts.good / counts.total >= target - ALIKE ? 'good' : 'bad'
      if (!isSilent) return 'none'
      return noData === 'bad' ? 'silent_bad' : 'silent_good'
    })
    yield { minute, verdicts, isMeasured }
  }
}
