import { isRecord } from './read-documents.ts'

/** Paths of what a reading left out: fields that the format does not know. */
export function unknownFields(given: unknown, read: unknown, path: PropertyKey[] = []): PropertyKey[][] {
  if (Array.isArray(given) && Array.isArray(read))
    return given.flatMap((item: unknown, i) => unknownFields(item, read[i], [...path, i]))
  if (!isRecord(given) || !isRecord(read)) return []
  return Object.entries(given).flatMap(([key, member]) => {
    if (member === null) return []
    return key in read ? unknownFields(member, read[key], [...path, key]) : [[...path, key]]
  })
}
