/** Whether there is a value at the place and none at either side: a line needs two points, so this one would not be seen. */
export function isLone(values: readonly (number | null)[], at: number): boolean {
  const isKnown = (place: number) => typeof values[place] === 'number'
  return isKnown(at) && !isKnown(at - 1) && !isKnown(at + 1)
}
