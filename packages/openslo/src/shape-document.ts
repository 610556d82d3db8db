import type { CodeFormatName } from '@nines/contracts'
import type { z } from 'zod'
import type { Mapped } from './desired/desired.ts'
import type { Lookup } from './openslo/lookup.ts'
import { NINES_VERSION } from './nines/nines-document.ts'
import { madeByDocument, ninesKinds, type NinesKind } from './nines/nines-kinds.ts'
import { mapDocument } from './openslo/map-document.ts'
import { mapPyrra } from './pyrra/map-pyrra.ts'
import { pyrraDocument } from './pyrra/pyrra-document.ts'
import { checkShape } from './read/check-shape.ts'
import type { Finding } from './read/problem.ts'
import type { RawDocument } from './read/read-documents.ts'
import { unknownFields } from './read/unknown-fields.ts'
import { openSloKinds, type OpenSloDocument } from './schema/openslo-document.ts'
import { mapSloth } from './sloth/map-sloth.ts'
import { slosOfFile, slosOfObject, slothFile, slothObject, slothWindows } from './sloth/sloth-documents.ts'
import type { SlothWindows } from './sloth/sloth-documents.ts'

export type CodeFormat = CodeFormatName

/** A document whose shape is known, before references in it are followed. */
export interface Shaped {
  raw: RawDocument
  format: CodeFormat
  kind: string
  name: string
  openSlo?: OpenSloDocument
  windows?: SlothWindows
  map: (context: Context) => Mapped
}

export interface Context {
  lookup: Lookup
  windows: readonly SlothWindows[]
  periodSeconds: number
}

const NOTHING: Mapped = { services: [], slos: [], notes: [] }

export interface ShapeResult {
  shaped?: Shaped
  problems: Finding[]
}

/** Finds out what a document is, by its version and kind, and holds it to that shape. */
export function shapeDocument(raw: RawDocument): ShapeResult {
  const { apiVersion, kind, version } = raw.value
  if (version === 'prometheus/v1') return shapeSlothFile(raw)
  if (apiVersion === 'sloth.slok.dev/v1') return kind === 'AlertWindows' ? shapeWindows(raw) : shapeSlothObject(raw)
  if (apiVersion === 'pyrra.dev/v1alpha1') return shapePyrra(raw)
  if (apiVersion === 'openslo/v1') return shapeOpenSlo(raw)
  if (apiVersion === NINES_VERSION) return shapeNines(raw)
  if (apiVersion === undefined && version === undefined) return refuse(raw, ['apiVersion'], 'is required')
  const known = 'openslo/v1, sloth.slok.dev/v1, pyrra.dev/v1alpha1, nines/v1, or version prometheus/v1'
  return refuse(raw, [apiVersion === undefined ? 'version' : 'apiVersion'], `must be one of ${known}`)
}

/** Whether an object is plainly none of the formats here: a Deployment, a Grafana dashboard. */
export function isForeign({ value }: RawDocument): boolean {
  const { apiVersion, version } = value
  if (typeof version === 'string' && version.startsWith('prometheus/')) return false
  return typeof apiVersion !== 'string' || !/^(?:openslo|sloth\.slok\.dev|pyrra\.dev|nines)(?:\/|$)/i.test(apiVersion)
}

function shapeOpenSlo(raw: RawDocument): ShapeResult {
  const { kind } = raw.value
  if (!isKindOf(openSloKinds, kind)) return refuseKind(raw, openSloKinds)
  const { value, problems } = checkShape<z.ZodType<OpenSloDocument>>(raw, openSloKinds[kind])
  if (value === undefined) return { problems }
  const map = ({ lookup }: Context) => mapDocument(value, lookup)
  return { shaped: { raw, format: 'openslo', kind, name: value.metadata.name, openSlo: value, map }, problems: [] }
}

function shapeSlothFile(raw: RawDocument): ShapeResult {
  const { value, problems } = checkShape(raw, slothFile)
  if (value === undefined) return { problems }
  // Several files, and several documents of one, may hold SLOs of one service.
  const name = `${value.service} in ${raw.file}${raw.document === 1 ? '' : `:${raw.document}`}`
  const map = (context: Context) =>
    withUnknown(raw, value, mapSloth(slosOfFile(value), { ...context, service: value.service, path: ['slos'] }))
  return { shaped: { raw, format: 'sloth', kind: 'prometheus/v1', name, map }, problems: [] }
}

function shapeSlothObject(raw: RawDocument): ShapeResult {
  const { value, problems } = checkShape(raw, slothObject)
  if (value === undefined) return { problems }
  const { metadata, spec } = value
  const map = (context: Context) =>
    withUnknown(
      raw,
      value,
      mapSloth(slosOfObject(value), { ...context, service: spec.service, path: ['spec', 'slos'] }),
    )
  return { shaped: { raw, format: 'sloth', kind: value.kind, name: qualified(metadata), map }, problems: [] }
}

function shapeWindows(raw: RawDocument): ShapeResult {
  const { value, problems } = checkShape(raw, slothWindows)
  if (value === undefined) return { problems }
  const { kind, spec } = value
  const map = () => withUnknown(raw, value, NOTHING)
  return { shaped: { raw, format: 'sloth', kind, name: spec.sloPeriod, windows: spec, map }, problems: [] }
}

function shapePyrra(raw: RawDocument): ShapeResult {
  const { value, problems } = checkShape(raw, pyrraDocument)
  if (value === undefined) return { problems }
  const map = () => withUnknown(raw, value, mapPyrra(value))
  return { shaped: { raw, format: 'pyrra', kind: value.kind, name: qualified(value.metadata), map }, problems: [] }
}

function shapeNines(raw: RawDocument): ShapeResult {
  const { kind } = raw.value
  if (!isKindOf(ninesKinds, kind)) return refuseKind(raw, ninesKinds)
  const { value, problems } = checkShape<(typeof ninesKinds)[NinesKind]>(raw, ninesKinds[kind])
  if (value === undefined) return { problems }
  const map = () => ({ ...NOTHING, ...madeByDocument(value) })
  return { shaped: { raw, format: 'nines', kind, name: value.metadata.name, map }, problems: [] }
}

function isKindOf<K extends string>(kinds: Record<K, unknown>, kind: unknown): kind is K {
  return typeof kind === 'string' && Object.hasOwn(kinds, kind)
}

function refuseKind(raw: RawDocument, kinds: Record<string, unknown>): ShapeResult {
  const { kind } = raw.value
  if (kind === undefined || kind === null) return refuse(raw, ['kind'], 'is required')
  return refuse(raw, ['kind'], `must be one of ${Object.keys(kinds).join(', ')}`)
}

/** Sloth and Pyrra let pass what they do not know; so does Nines, and says so. */
function withUnknown(raw: RawDocument, read: unknown, mapped: Mapped): Mapped {
  const notes = unknownFields(raw.value, read).map((path) => ({
    effect: 'not_used' as const,
    path,
    message: 'is not a field of this format',
  }))
  return { ...mapped, notes: [...mapped.notes, ...notes] }
}

function qualified({ name, namespace }: { name: string; namespace?: string }): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}

function refuse(raw: RawDocument, path: PropertyKey[], message: string): ShapeResult {
  return { problems: [raw.at(path, message)] }
}
