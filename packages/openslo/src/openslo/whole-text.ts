import type { Metadata } from '../schema/metadata.ts'

/** Annotations with texts that are longer than OpenSLO takes them. */
export const WHOLE_TEXT = { name: 'nines/name', description: 'nines/description' } as const

/** The name for people: the whole one where only its beginning had room, unless somebody changed that. */
export function displayNameOf({ name, displayName, annotations }: Metadata): string {
  return wholeOf(displayName, annotations?.[WHOLE_TEXT.name]) ?? name
}

export function descriptionOf(description: string | undefined, { annotations }: Metadata): string {
  return wholeOf(description, annotations?.[WHOLE_TEXT.description]) ?? ''
}

function wholeOf(given: string | undefined, whole: string | undefined): string | undefined {
  return whole !== undefined && given !== undefined && given !== '' && whole.startsWith(given) ? whole : given
}
