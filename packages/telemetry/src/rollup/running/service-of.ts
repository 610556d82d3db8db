import type { SeriesRows } from '@nines/wire'

/** Labels that name a series' service, the first that is there and not empty counts (as rollUpServices has it). */
const NAMES = ['service.name', 'service', 'job'] as const

export function serviceOf(labels: Readonly<Record<string, string>>): string {
  return NAMES.map((name) => labels[name]).find((value) => value) ?? ''
}

/** The same for the row that stands, whose labels it uses up. Only those that may be it become strings. */
export function serviceOfRow(row: SeriesRows): string {
  let service = ''
  let rank: number = NAMES.length
  for (let i = 0; i < row.labelCount; i++) {
    row.nextLabel()
    const { name, value } = row
    const length = name.end - name.start
    const found = NAMES.findIndex((candidate) => candidate.length === length && name.text() === candidate)
    if (found < 0 || found >= rank || value.start === value.end) continue
    service = value.text()
    rank = found
  }
  return service
}
