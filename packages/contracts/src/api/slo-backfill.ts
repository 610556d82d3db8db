import { sloBackfill } from '../domain/slo-backfill.ts'
import { route } from './route.ts'
import { idParams } from './shared.ts'

export const getSloBackfill = route({
  id: 'getSloBackfill',
  method: 'GET',
  path: '/api/v1/slos/:id/backfill',
  tag: 'SLOs',
  summary: 'How far the history of the current version has been computed from stored telemetry',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  response: sloBackfill,
})
