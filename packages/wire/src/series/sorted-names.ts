import type { Labels } from '@nines/contracts'

/** The names of labels by their code units. Most senders sort them already, which is seen at less cost than sorting. */
export function sortedNames(labels: Labels): string[] {
  const names = Object.keys(labels)
  for (let i = 1; i < names.length; i++) if (names[i - 1]! > names[i]!) return names.sort(byCodeUnits)
  return names
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
