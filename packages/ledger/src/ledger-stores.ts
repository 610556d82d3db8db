import type { Database } from '@nines/records'
import type { Telemetry } from '@nines/telemetry'

/** Where a ledger comes from. */
export interface LedgerStores {
  prisma: Database
  telemetry: Telemetry
}
