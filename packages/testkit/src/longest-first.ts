import { readFileSync } from 'node:fs'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What a test calls that starts, kills or takes away processes and disks: most of its time it waits for them. */
const OF_PROCESSES = /\b(spawnApp|spawnedReplicas|startClickHouse|startPostgres|startRedis|mountSmallDisk|spawn|fork)\(/

/**
 * Tests of processes first, so that none of them is left over when all workers but one are through. Within both halves
 * Vitest's own order: what took long before, and in a fresh clone, which knows no times, the larger files.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isOfProcesses = new Map(sorted.map((file) => [file, OF_PROCESSES.test(readFileSync(file.moduleId, 'utf8'))]))
    return sorted.toSorted((a, b) => Number(isOfProcesses.get(b)) - Number(isOfProcesses.get(a)))
  }
}
