export { applyMigrations } from './apply-migrations.ts'
export { listMigrations, type Migration } from './migrations.ts'
