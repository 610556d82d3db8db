import { readFileSync } from 'node:fs'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What a test calls that starts, kills or takes away processes and disks: most of its time it waits for them. */
const OF_PROCESSES = /\b(spawnApp|spawnedReplicas|startClickHouse|startPostgres|startRedis|mountSmallDisk|spawn|fork)\(/
/** Thousands of random cases. */
const OF_CHANCE = /oracle|fuzz|calibration/

/**
 * Files that are known to take long first, so that none of them is left over when all workers but one are through. Otherwise
 * Vitest's own order: what took long before, and in a fresh clone, which knows no times, the larger files.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = new Map(sorted.map(({ moduleId }) => [moduleId, takesLong(moduleId)]))
    return sorted.toSorted((a, b) => Number(isLong.get(b.moduleId)) - Number(isLong.get(a.moduleId)))
  }
}

function takesLong(file: string): boolean {
  return OF_CHANCE.test(file) || OF_PROCESSES.test(readFileSync(file, 'utf8'))
}
