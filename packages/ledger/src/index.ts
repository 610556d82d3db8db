export { incidentBudgets, type IncidentOfBudget } from './incident-budgets.ts'
export { loadSloLedger, type LedgerSlo, type LedgerStores } from './load-slo-ledger.ts'
