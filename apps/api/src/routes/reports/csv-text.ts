export type CsvCell = string | number | null

/**
 * Rows as RFC 4180 writes them: cells apart by commas, lines ended by CRLF, quoted where they must be. Numbers stand with all of
 * their digits, null is an empty cell. Text that a spreadsheet would take for a formula gets an apostrophe in front of it.
 */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('')
}

function cellText(cell: CsvCell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
