import { getSloSlices as route } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { getSlo } from '@nines/records'
import { DAY_MS } from '@nines/slo'
import { readSlices } from '@nines/telemetry'
import { handle } from '../../http/handle.ts'
import { knownAt, versionOf } from './slices-asked.ts'

const LONGEST_MS = 7 * DAY_MS

export const getSloSlices = handle(route, async ({ workspace, params, query }, { prisma, telemetry }) => {
  const { version } = versionOf(await getSlo(prisma, workspace.id, params.id), query.version)
  const asOf = knownAt(query.asOf, Date.now())
  const [from, to] = [Date.parse(query.from), Date.parse(query.to)]
  if (!(from < to) || to - from > LONGEST_MS) {
    const message = 'must be earlier than `to`, by at most seven days'
    throw new NinesError('invalid', `query/from: ${message}`, { issues: [{ path: 'query/from', message }] })
  }
  const span = { workspace: workspace.number, sloId: params.id, version, from, to, asOf }
  const slices = await readSlices(telemetry, span)
  return {
    sloId: params.id,
    version,
    asOf,
    slices: slices.map(({ sloId: _slo, version: _version, ...slice }) => slice),
  }
})
