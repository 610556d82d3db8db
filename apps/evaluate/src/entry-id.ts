/** Order of stream entries by id, `<ms>-<sequence>`: negative when a comes before b. */
export function compareEntryIds(a: string, b: string): number {
  const [aMs = 0, aSequence = 0] = a.split('-').map(Number)
  const [bMs = 0, bSequence = 0] = b.split('-').map(Number)
  return aMs - bMs || aSequence - bSequence
}

/** When the entry was appended, epoch ms by Redis' clock. */
export function instantOfEntry(id: string): number {
  return Number(id.split('-')[0])
}
