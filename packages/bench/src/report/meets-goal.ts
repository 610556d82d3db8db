import type { CaseRuns } from './figure-table.ts'

/** Whether every run kept to the goal, and there was one; says so where it did not. */
export function meetsGoal({ name, runs }: CaseRuns, figure: string, most: number): boolean {
  const isMet = runs.length > 0 && runs.every((run) => (run[figure] ?? Infinity) <= most)
  if (!isMet) console.error(`${name}: ${figure} is above ${most}`)
  return isMet
}
