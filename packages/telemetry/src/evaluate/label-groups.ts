import type { Labels } from '@nines/contracts'

/** Numbers the groups that series fall into by the values of some labels. */
export class LabelGroups {
  readonly #by: readonly string[]
  readonly #numbers = new Map<string, number>()
  /** Labels of each group by its number; a label that its series lack is left out. */
  readonly labels: Labels[] = []

  constructor(by: readonly string[]) {
    this.#by = by
  }

  numberOf(labels: Labels): number {
    const values = this.#by.map((label) => (Object.hasOwn(labels, label) ? (labels[label] ?? '') : ''))
    const key = values.length === 1 ? values[0]! : JSON.stringify(values)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.labels.length
    this.#numbers.set(key, number)
    this.labels.push(
      Object.fromEntries(this.#by.flatMap((label, i) => (values[i] === '' ? [] : [[label, values[i]!]]))),
    )
    return number
  }
}
