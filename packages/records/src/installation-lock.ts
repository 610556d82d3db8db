import type { Database } from './client.ts'

/** Arbitrary, fixed number of the advisory lock under which the installation itself is changed. */
const LOCK = 9_990_001

/** Holds back every other bootstrap and setup until this transaction ends. */
export async function lockInstallation(tx: Database): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(${LOCK}::bigint)`
}
