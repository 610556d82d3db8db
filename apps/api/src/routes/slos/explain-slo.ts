import { explainSlo as route } from '@nines/contracts'
import { loadSloMinutes } from '@nines/ledger'
import { getSlo } from '@nines/records'
import { DAY_MS, explainObjective, minuteOf, windowBurnAt, windowSpan } from '@nines/slo'
import { handle } from '../../http/handle.ts'
import { explainComposite } from './explain-composite.ts'
import { knownAt, versionOf } from './slices-asked.ts'

const BURN_SECONDS = [300, 1800, 3600, 7200, 21_600, 86_400, 259_200]
/** Minutes are written half a minute after their end. */
const SETTLING_MS = 35_000

/** Everything from stored slices: a figure can be made again by anybody who asks for the same slices. */
export const explainSlo = handle(route, async ({ workspace, params, query }, { prisma, telemetry }) => {
  const now = Date.now()
  const asOf = knownAt(query.asOf, now)
  const slo = await getSlo(prisma, workspace.id, params.id)
  const { sli, target, window, furtherObjectives, version } = versionOf(slo, query.version)
  const at = minuteOf(Math.min(query.at === undefined ? asOf : Date.parse(query.at), now - SETTLING_MS))
  const objectives = [{ target, window }, ...furtherObjectives]
  const starts = objectives.map((objective) => windowSpan(objective.window, at).from)
  const from = Math.min(...starts, at - 3 * DAY_MS)
  const owner = { workspaceId: workspace.id, workspaceNumber: workspace.number, serviceId: slo.service.id }
  const span = { from, to: at, asOf }
  const asked = { id: slo.id, version, sli, ...owner }
  const loaded = await loadSloMinutes({ prisma, telemetry }, asked, span)
  const { counts, corrected, composite } = loaded
  const slices = loaded.slices()
  return {
    sloId: params.id,
    version,
    at,
    asOf,
    objectives: objectives.map((objective) => {
      const explained = explainObjective(counts, slices, objective, at)
      return composite ? explainComposite(explained, composite, at) : { ...explained, members: [] }
    }),
    corrected,
    burns: BURN_SECONDS.map((seconds) => windowBurnAt(counts, at, seconds, target)),
  }
})
