import type { CodeField, CodeNote } from '@nines/contracts'

const EFFECTS: Record<CodeNote['effect'], string> = {
  not_evaluated: 'Not evaluated yet',
  not_used: 'Kept, not used',
  changed: 'Taken differently',
  skipped: 'Skipped',
}

/** What becomes of something in a document, as a label. */
export function effectLabel(effect: CodeNote['effect']): string {
  return EFFECTS[effect]
}

const FORMATS = { openslo: 'OpenSLO', sloth: 'Sloth', pyrra: 'Pyrra', nines: 'Nines' }

export function formatLabel(format: keyof typeof FORMATS): string {
  return FORMATS[format]
}

/** A commit as Git shortens it; other marks stay as they are. */
export function shortCommit(commit: string): string {
  return /^[0-9a-f]{12,64}$/.test(commit) ? commit.slice(0, 10) : commit
}

/** One side of a difference, short enough for a line. */
export function valueText(value: CodeField['before']): string {
  if (value === undefined || value === null) return 'nothing'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
