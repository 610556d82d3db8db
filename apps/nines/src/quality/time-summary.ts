import type { StageResult } from './suite-result.ts'

const SLOWEST = 10

/**
 * Where the time of a run went: a line for each stage, the whole (less than the sum where stages ran beside each other), and
 * the slowest files.
 */
export function timeSummary(stages: readonly StageResult[], wholeSeconds: number): string {
  const files = stages.flatMap((stage) => stage.files ?? []).toSorted((a, b) => b.seconds - a.seconds)
  const times = stages.map(({ title, seconds }): [string, number] => [title, seconds])
  return [
    'Time by stage',
    ...[...times, ['All', wholeSeconds] as const].map(([title, seconds]) => line(seconds, title)),
    ...(files.length > 0 ? ['', 'Slowest test files'] : []),
    ...files.slice(0, SLOWEST).map(({ file, seconds }) => line(seconds, file)),
    '',
  ].join('\n')
}

function line(seconds: number, text: string): string {
  return `  ${seconds.toFixed(1).padStart(7)} s  ${text}`
}
