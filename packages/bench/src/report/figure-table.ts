import { formatSpread, spreadOf, type Spread } from './spread.ts'

/** Figures of one case over its runs, keyed by a name with its unit such as `cpu_us_per_sample`. */
export type RunFigures = Record<string, number>

export interface CaseRuns {
  name: string
  runs: RunFigures[]
}

/** Median and spread of every figure that a run has. */
export function summarise(runs: readonly RunFigures[]): Record<string, Spread> {
  const names = new Set(runs.flatMap((run) => Object.keys(run)))
  return Object.fromEntries(
    [...names].map((name) => [name, spreadOf(runs.flatMap((run) => (run[name] === undefined ? [] : [run[name]])))]),
  )
}

/** Ours divided by the peer's, run by run, so that what slowed a run down slowed both. */
export function ratios(ours: CaseRuns, peer: CaseRuns, figure: string): Spread {
  const values = ours.runs.flatMap((run, i) => {
    const [mine, theirs] = [run[figure], peer.runs[i]?.[figure]]
    return mine === undefined || theirs === undefined || theirs === 0 ? [] : [mine / theirs]
  })
  return spreadOf(values)
}

/** A line a figure, a column a case. */
export function formatTable(title: string, cases: readonly CaseRuns[]): string {
  const summaries = cases.map((c) => ({ name: c.name, figures: summarise(c.runs) }))
  const names = [...new Set(summaries.flatMap((s) => Object.keys(s.figures)))]
  const rows = [
    [title, ...summaries.map((s) => s.name)],
    ...names.map((name) => [name, ...summaries.map((s) => cell(s.figures[name]))]),
  ]
  return alignColumns(rows)
}

/** Lines with their columns under each other: the first to the left, the others to the right. */
export function alignColumns(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row.map((text, i) => (i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0))).join('  ')
  return rows.map(line).join('\n')
}

function cell(spread: Spread | undefined): string {
  return spread === undefined ? '' : formatSpread(spread)
}
