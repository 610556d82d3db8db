import { furtherObjectives, type Objective } from '@nines/contracts'
import type { Metadata } from '../schema/metadata.ts'

/** OpenSLO has one window: objectives over others stand under this annotation, as JSON. */
export const OBJECTIVES_ANNOTATION = 'nines/further-objectives'

/** Objectives over other windows than the document's; undefined when the annotation is there and cannot be read. */
export function objectivesAnnotation({ annotations }: Metadata): Objective[] | undefined {
  const text = annotations?.[OBJECTIVES_ANNOTATION]
  if (text === undefined) return []
  try {
    return furtherObjectives.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
