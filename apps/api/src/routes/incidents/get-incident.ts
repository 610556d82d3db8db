import { getIncident as route } from '@nines/contracts'
import { handle } from '../../http/handle.ts'
import { loadIncidentDetail } from './load-incident-detail.ts'

export const getIncident = handle(route, ({ workspace, params }, context) =>
  loadIncidentDetail(context, workspace, params.id),
)
