import { DenseMinutes } from '@nines/slo'
import { readVersionMinutes } from '@nines/telemetry'
import type { LedgerStores } from '../ledger-stores.ts'
import type { SlicesAsked } from './read-report-slices.ts'
import type { SloOfReport } from './report-one-slo.ts'

/** An SLO with all of its minutes. */
export interface ReadMember {
  one: SloOfReport
  minutesOf: (version: number) => DenseMinutes
}

/** All minutes of SLOs that composites are made of, one after the other; while one is worked on, the next is read. */
export async function* readMembers(
  stores: LedgerStores,
  asked: SlicesAsked,
  members: readonly SloOfReport[],
): AsyncGenerator<ReadMember> {
  let coming = members[0] && readMember(stores, asked, members[0])
  for (const i of members.keys()) {
    const read = await coming
    const next = members[i + 1]
    coming = next && readMember(stores, asked, next)
    // It is looked at when its turn comes; until then its failure is nobody's.
    coming?.catch(() => undefined)
    if (read) yield read
  }
}

async function readMember(
  { telemetry }: LedgerStores,
  { workspace, asOf, range, signal }: SlicesAsked,
  one: SloOfReport,
): Promise<ReadMember> {
  const read = new Map<number, DenseMinutes>()
  for (const version of one.versions) {
    const query = { workspace, sloId: one.slo.id, version, ...range, asOf }
    read.set(version, DenseMinutes.of(await readVersionMinutes(telemetry, query, { signal }), range))
  }
  return { one, minutesOf: (version) => read.get(version) ?? new DenseMinutes(range) }
}
