/**
 * Composites by brute force over maps of minutes, with nothing of the engine: every figure looks at every minute anew.
 */
export interface OracleMember {
  of: OracleTree | Map<number, [good: number, total: number]>
  target: number
  weight: number
  noData: 'ignore' | 'good' | 'bad'
  silenceMinutes: number
  /** Minutes in which silence counts as nothing. */
  covered: Set<number>
}
export interface OracleTree {
  combine: 'weighted' | 'all_of' | 'worst_of' | 'critical_path'
  members: OracleMember[]
}

const MINUTE = 60_000

/** Which minutes there are, and up to when they had ended. */
export interface OracleTime {
  minutes: readonly number[]
  endedBy: number
  /** When anything of a tree was first measured. */
  since: Map<OracleTree, number | undefined>
}

/** Minutes, and how much of each lies in the window. */
export type OracleWindow = readonly (readonly [minute: number, weight: number])[]

/** Bad share (null: none) and events of a window. */
export function oracleWindow(
  tree: OracleTree,
  time: OracleTime,
  window: OracleWindow,
): { bad: number | null; total: number } {
  if (tree.combine === 'all_of') {
    let [bad, total] = [0, 0]
    for (const [minute, weight] of window) {
      const verdict = oracleVerdict(tree, time, minute)
      if (verdict === null || verdict === 'idle') continue
      total += weight
      if (verdict === 'bad') bad += weight
    }
    return { bad: total === 0 ? null : bad / total, total }
  }
  const shares: { bad: number; weight: number; total: number }[] = []
  for (const member of tree.members) {
    const { bad, total } = plain(member, time, window)
    let [spoken, silent] = [0, 0]
    for (const [minute, weight] of window) {
      if (member.noData === 'ignore' || minute + MINUTE > time.endedBy) continue
      if (plain(member, time, [[minute, 1]]).total > 0) spoken += weight
      else if (isSilent(tree, member, time, minute)) silent += weight
    }
    const ruled = member.noData === 'bad' ? 1 : 0
    if (bad === null && silent === 0) continue
    const share = bad === null ? ruled : silent === 0 ? bad : (bad * spoken + ruled * silent) / (spoken + silent)
    shares.push({ bad: share, weight: member.weight, total })
  }
  const counted = shares.filter((one) => one.total > 0)
  if (counted.length === 0) return { bad: null, total: 0 }
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)
  if (tree.combine === 'weighted') {
    const all = sum(shares.map((one) => one.weight))
    const total = (all * all) / sum(counted.map((one) => (one.weight * one.weight) / one.total))
    return { bad: sum(shares.map((one) => (one.bad * one.weight) / all)), total }
  }
  if (tree.combine === 'critical_path') {
    const product = shares.reduce((all, one) => all * (1 - one.bad), 1)
    return { bad: 1 - product, total: counted.length / sum(counted.map((one) => 1 / one.total)) }
  }
  const bad = Math.max(...shares.map((one) => one.bad))
  const most = Math.max(...shares.filter((one) => bad - one.bad <= 1e-12).map((one) => one.total))
  return { bad, total: most || sum(counted.map((one) => one.total)) }
}

function plain(member: OracleMember, time: OracleTime, window: OracleWindow) {
  if (!(member.of instanceof Map)) return oracleWindow(member.of, time, window)
  let [good, total] = [0, 0]
  for (const [minute, weight] of window) {
    const counts = member.of.get(minute)
    if (!counts) continue
    good += counts[0] * weight
    total += counts[1] * weight
  }
  return { bad: total === 0 ? null : (total - good) / total, total }
}

function isMeasured(of: OracleMember['of'], time: OracleTime, minute: number): boolean {
  if (of instanceof Map) return of.has(minute)
  if (of.combine === 'all_of' && minute + MINUTE > time.endedBy) return false
  return of.members.some((member) => isMeasured(member.of, time, minute))
}

function isSilent(tree: OracleTree, member: OracleMember, time: OracleTime, minute: number): boolean {
  if (member.covered.has(minute)) return false
  if (!time.since.has(tree))
    time.since.set(
      tree,
      time.minutes.find((one) => tree.members.some((each) => isMeasured(each.of, time, one))),
    )
  const since = time.since.get(tree)
  if (since === undefined) return false
  for (let back = 0; back < member.silenceMinutes; back++) {
    const one = minute - back * MINUTE
    if (one < since || isMeasured(member.of, time, one)) return false
  }
  return true
}

/** Of one minute of all_of; null: unmeasured. */
export function oracleVerdict(tree: OracleTree, time: OracleTime, minute: number): 'good' | 'bad' | 'idle' | null {
  if (minute + MINUTE > time.endedBy) return null
  if (!tree.members.some((member) => isMeasured(member.of, time, minute))) return null
  const verdicts = tree.members.map((member) => {
    const { bad, total } = plain(member, time, [[minute, 1]])
    if (bad !== null && total > 0) return 1 - bad >= member.target - 1e-12 ? 'good' : 'bad'
    return isSilent(tree, member, time, minute) && member.noData !== 'ignore' ? `silent ${member.noData}` : null
  })
  const said = new Set(verdicts)
  if (!said.has('good') && !said.has('bad')) return 'idle'
  return said.has('bad') || said.has('silent bad') ? 'bad' : 'good'
}
