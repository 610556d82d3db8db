import { sliSpec, sloTarget, sloWindow, type SliSpec, type SloSuggestion, type SloWindow } from '@nines/contracts'

/** What a form for a new SLO may begin with. */
export interface SloDraft {
  name: string
  slug: string
  description: string
  serviceId: string
  sli: SliSpec
  target: number
  window: SloWindow
}

/** A suggestion as the search parameter of the form, so that the address holds what is being reviewed. */
export function draftOfSuggestion(suggestion: SloSuggestion, serviceId: string): string {
  const { name, slug, description, sli, target, window } = suggestion
  return JSON.stringify({ name, slug, description, serviceId, sli, target, window } satisfies SloDraft)
}

/** The draft in a search parameter; null where it is none. */
export function parseDraft(text: string | undefined): SloDraft | null {
  if (text === undefined) return null
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    const textOf = (field: string) => (typeof value[field] === 'string' ? value[field] : '')
    return {
      name: textOf('name'),
      slug: textOf('slug'),
      description: textOf('description'),
      serviceId: textOf('serviceId'),
      sli: sliSpec.parse(value.sli),
      target: sloTarget.parse(value.target),
      window: sloWindow.parse(value.window),
    }
  } catch {
    return null
  }
}
