import { getIncident } from '@nines/contracts'
import { useApiQuery } from '../../queries/use-api.ts'
import { IncidentBudgets } from '../incident-budgets.tsx'

/** What the incident of a review spent; nothing while it is not known. */
export function ReviewBudgets({ incidentId }: { incidentId: string }) {
  const incident = useApiQuery(getIncident, { params: { id: incidentId } })
  return incident.data === undefined ? null : <IncidentBudgets budgets={incident.data.budgets} />
}
