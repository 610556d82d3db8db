export { incidentBudgets, type IncidentOfBudget } from './incident-budgets.ts'
export type { LedgerStores } from './ledger-stores.ts'
export { loadSloLedger, type LedgerSlo } from './load-slo-ledger.ts'
export { readCorrected, type CorrectableSlo, type CorrectedSlices } from './read-corrected.ts'
