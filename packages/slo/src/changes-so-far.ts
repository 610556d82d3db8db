/** Changes to the minutes of any series that somebody follows. */
let changes = 0

/** Asked before reading, it says from where on to ask for changes the next time. */
export function changesSoFar(): number {
  return changes
}

export function noteChange(): number {
  return ++changes
}
