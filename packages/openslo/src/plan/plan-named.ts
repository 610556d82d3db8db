import type { CodeAction, CodeField, CodeObjectKind } from '@nines/contracts'
import type { CodeDocument } from '../load-code.ts'
import { changeOf, isSame, placeOf, type KeptDocument, type Live, type Planned } from './planned.ts'

/** A kind of things that documents of Nines' own make, each known by its name. */
interface NamedKind<T> {
  kind: CodeObjectKind
  live: readonly Live<T>[]
  /** What a document wants, and what a kept one made. */
  wantedBy: (document: CodeDocument) => readonly T[]
  madeBy: (kept: KeptDocument) => readonly { id: string; applied: T }[]
  differences: (before: T, after: T) => CodeField[]
}

interface Documents {
  given: readonly CodeDocument[]
  kept: readonly KeptDocument[]
  /** Kept documents that the given ones state again, and those that their files state no more. */
  restated: readonly KeptDocument[]
  forgotten: readonly KeptDocument[]
  /** What becomes of what code says no more. */
  gone: CodeAction
}

/**
 * Compares what documents want with what is there: what has the name, else what the same document made and somebody renamed
 * since, else what no document made and is as this one wants it.
 */
export function planNamed<T extends { name: string }>(
  { kind, live, wantedBy, madeBy, differences }: NamedKind<T>,
  { given, kept, restated, forgotten, gone }: Documents,
): Planned<T>[] {
  const wanted = given.flatMap((source) => wantedBy(source).map((desired) => ({ source, desired })))
  const names = new Set(wanted.map(({ desired }) => desired.name))
  const applied = new Map(kept.flatMap((one) => madeBy(one).map((made) => [made.id, made.applied] as const)))
  const renamed = (source: CodeDocument) => {
    const before = kept.find((one) => isSame(source, one))
    const ids = new Set(before === undefined ? [] : madeBy(before).map(({ id }) => id))
    return live.find(({ id, name }) => ids.has(id) && !names.has(name))
  }
  const hasDrifted = (one: Live<T>) => {
    const said = applied.get(one.id)
    return said !== undefined && differences(said, one).length > 0
  }
  const claimed = new Set<string>()
  const alike = (desired: T) =>
    live.find((one) => !applied.has(one.id) && !claimed.has(one.id) && differences(one, desired).length === 0)
  const planned = wanted.map(({ source, desired }): Planned<T> => {
    const found = live.find(({ name }) => name === desired.name) ?? renamed(source) ?? alike(desired)
    if (found !== undefined) claimed.add(found.id)
    const fields = found === undefined ? [] : differences(found, desired)
    const drifted = found !== undefined && hasDrifted(found)
    const change = { ...changeOf(kind, named(desired), found?.id, fields, drifted), place: placeOf(source) }
    return { change, desired, source }
  })
  const orphans = [...restated, ...forgotten].flatMap(madeBy).flatMap(({ id }): Planned<T>[] => {
    const found = live.find((one) => one.id === id)
    if (found === undefined || claimed.has(id)) return []
    return [{ change: { ...changeOf(kind, named(found), id, [], hasDrifted(found)), action: gone, place: null } }]
  })
  return [...planned, ...orphans]
}

const named = ({ name }: { name: string }) => ({ slug: name, name })
