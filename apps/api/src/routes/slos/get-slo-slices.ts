import { getSloSlices as route, isComposite } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { loadSloMinutes } from '@nines/ledger'
import { getSlo } from '@nines/records'
import { DAY_MS } from '@nines/slo'
import { readSlices } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'
import { knownAt, versionOf } from './slices-asked.ts'

const LONGEST_MS = 7 * DAY_MS

export const getSloSlices = handle(route, async ({ workspace, params, query }, { prisma, telemetry }) => {
  const slo = await getSlo(prisma, workspace.id, params.id)
  const { version, sli } = versionOf(slo, query.version)
  const asOf = knownAt(query.asOf, Date.now())
  const [from, to] = [Date.parse(query.from), Date.parse(query.to)]
  if (!(from < to) || to - from > LONGEST_MS) {
    const message = 'must be earlier than `to`, by at most seven days'
    throw new NinesError('invalid', `query/from: ${message}`, { issues: [{ path: 'query/from', message }] })
  }
  const span = { from, to, asOf }
  const owner = { workspaceId: workspace.id, workspaceNumber: workspace.number, serviceId: slo.service.id }
  const slices = isComposite(sli)
    ? (await loadSloMinutes({ prisma, telemetry }, { id: slo.id, version, sli, ...owner }, span)).slices()
    : await readSlices(telemetry, { workspace: workspace.number, sloId: slo.id, version, ...span })
  return {
    sloId: params.id,
    version,
    asOf,
    slices: slices.map(({ sloId: _slo, version: _version, ...slice }) => slice),
  }
})
