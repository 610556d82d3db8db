import { sloTarget } from '@nines/contracts'
import type { Metadata } from '../schema/metadata.ts'

/** OpenSLO has no field for the target of a composite: it stands under this annotation, as a fraction such as `0.99`. */
export const TARGET_ANNOTATION = 'nines/target'

/** The target that the annotation states: undefined where there is none, 'unreadable' where it is no target. */
export function targetAnnotation({ annotations }: Metadata): number | undefined | 'unreadable' {
  const text = annotations?.[TARGET_ANNOTATION]?.trim()
  if (text === undefined) return undefined
  const parsed = sloTarget.safeParse(text === '' ? undefined : Number(text))
  return parsed.success ? parsed.data : 'unreadable'
}
