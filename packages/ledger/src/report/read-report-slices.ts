import { hoursOfMinutes, hoursToLoad, MinuteGrid, type DenseMinutes, type HourColumns, type Span } from '@nines/slo'
import { readSliceColumns, readSliceHours, type VersionColumns, type VersionHours } from '@nines/telemetry'
import type { LedgerStores } from '../ledger-stores.ts'
import { IMPACT_LOOK_BACK_MS, spanOfChange } from '../slo-causes.ts'
import { inBatchesOf } from './report-batches.ts'
import type { ReportTimes, SloOfReport } from './report-one-slo.ts'

/** About 34 MB of minutes a query. */
const BATCH_HOURS = 20_000

export interface SlicesAsked {
  workspace: number
  asOf: number
  range: Span
  signal?: AbortSignal | undefined
}

/** An SLO with the sums of its versions, and the hours of which it needs more. */
export interface SloHours {
  one: SloOfReport
  versions: { hours: VersionHours; toLoad: Set<number> }[]
}

/** The sums by hour of a batch of SLOs. */
export async function readHours(
  { telemetry }: LedgerStores,
  { workspace, asOf, range, signal }: SlicesAsked,
  batch: readonly SloOfReport[],
  times: ReportTimes,
): Promise<SloHours[]> {
  const versions = batch.flatMap(({ slo, versions: numbers }) => numbers.map((version) => ({ sloId: slo.id, version })))
  const burnAbove = burnShareOf(batch)
  const found = await readSliceHours(telemetry, { workspace, versions, ...range, asOf, burnAbove }, { signal })
  const bySlo = Map.groupBy(found, ({ sloId }) => sloId)
  return batch.map((one) => ({
    one,
    versions: (bySlo.get(one.slo.id) ?? []).map((hours) => ({ hours, toLoad: neededHours(hours, one, times) })),
  }))
}

/** The minutes of the hours that SLOs need, for some SLOs after the other. */
export async function* readMinutes(
  { telemetry }: LedgerStores,
  { workspace, asOf, signal }: SlicesAsked,
  slos: readonly SloHours[],
): AsyncGenerator<{ slos: SloHours[]; minutes: Map<string, VersionColumns[]> }> {
  const sizeOf = ({ versions }: SloHours) => versions.reduce((sum, { toLoad }) => sum + toLoad.size, 0)
  for (const some of inBatchesOf(slos, BATCH_HOURS, sizeOf)) {
    const versions = some.flatMap((slo) =>
      slo.versions.map(({ hours: { sloId, version }, toLoad }) => ({ sloId, version, hours: [...toLoad] })),
    )
    const columns = await readSliceColumns(telemetry, { workspace, versions, asOf }, { signal })
    yield { slos: some, minutes: Map.groupBy(columns, ({ sloId }) => sloId) }
  }
}

/** The minutes of one version: loaded ones, and sums for the other hours. Without slices nothing is measured. */
export function gridOf(
  version: number,
  { versions }: SloHours,
  minutes: readonly VersionColumns[],
  range: Span,
): MinuteGrid {
  const found = versions.find(({ hours }) => hours.version === version)
  if (found === undefined) return new MinuteGrid(range)
  return MinuteGrid.ofHours(found.hours, found.toLoad, minutes.find((one) => one.version === version) ?? NONE, range)
}

/** The same of a version all of whose minutes were read. */
export function gridOfMinutes(
  version: number,
  minutes: DenseMinutes,
  one: SloOfReport,
  times: ReportTimes,
): MinuteGrid {
  const hours = hoursOfMinutes(minutes, burnShareOf([one]))
  const toLoad = neededHours({ ...hours, version }, one, times)
  return MinuteGrid.ofHours(hours, toLoad, minutes.columnsOf(toLoad), times.range)
}

/** The least share of bad events that burns the budget of any of them. A little less: bits too many cost a look, one too few would be a mistake. */
function burnShareOf(slos: readonly SloOfReport[]): number {
  const targets = slos.flatMap(({ slo }) => slo.versions.map(({ target }) => target))
  return (1 - targets.reduce((a, b) => Math.max(a, b), 0)) * (1 - 1e-12)
}

const NONE = { minute: [], good: [], total: [], revision: [] }

function neededHours(hours: HourColumns & { version: number }, one: SloOfReport, { period }: ReportTimes): Set<number> {
  const { slo, inForce, inForceBefore, corrections, incidents, changes } = one
  const sli = slo.versions.find(({ version }) => version === hours.version)?.sli
  if (sli === undefined) return new Set()
  const bounds = [...inForce, ...inForceBefore, ...corrections.corrected]
  const mayHaveBegun = incidents.map(({ firedAt, impactAt, resolvedAt }) => ({
    from: Math.min(firedAt - IMPACT_LOOK_BACK_MS, impactAt ?? Infinity),
    to: resolvedAt ?? Infinity,
  }))
  const maintenance = corrections.maintenance.filter(({ from, to }) => from < period.to && to > period.from)
  return hoursToLoad(hours, {
    sli,
    cuts: bounds.flatMap(({ from, to }) => [from, to]),
    spans: [...mayHaveBegun, ...maintenance],
    changes: changes.map(spanOfChange),
  })
}
