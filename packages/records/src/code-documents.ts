import { randomUUID } from 'node:crypto'
import { codeFormat, codeNote, type CodeFormatName, type CodeNote } from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { CodeDocument, CodeObject, Prisma, PrismaClient } from './generated/client.ts'
import { instantOf } from './instants.ts'
import { loadUserRefs, userRefOf } from './user-refs.ts'

/** A document as it was last applied. */
export interface StoredCodeDocument {
  id: string
  format: CodeFormatName
  kind: string
  name: string
  /** Sealed when `isSealed`. */
  text: string
  isSealed: boolean
  file: string
  commit: string | null
  notes: CodeNote[]
  appliedAt: string
  appliedBy: string | null
  /** What it made, with what it said of it. */
  objects: CodeBinding[]
}

export interface CodeBinding {
  sloId: string | null
  serviceId: string | null
  budgetPolicyId: string | null
  correctionId: string | null
  applied: unknown
}

/** A document to keep. */
export interface NewCodeDocument extends Omit<StoredCodeDocument, 'id' | 'appliedAt' | 'appliedBy'> {
  line: number
  appliedById: string | null
}

/** What may be bound to code. */
export type BoundToCode =
  | { sloId: string }
  | { ruleId: string }
  | { serviceId: string }
  | { budgetPolicyId: string }
  | { correctionId: string }

const notes = codeNote.array()
const withObjects = { objects: { orderBy: { id: 'asc' } } } as const
type Row = CodeDocument & { objects: CodeObject[] }

/** Every document of a workspace, by file and place in it. */
export async function listCodeDocuments(db: Database, workspaceId: string): Promise<StoredCodeDocument[]> {
  const orderBy = [{ file: 'asc' }, { line: 'asc' }, { name: 'asc' }] as const
  const rows = await db.codeDocument.findMany({ where: { workspaceId }, include: withObjects, orderBy: [...orderBy] })
  return toStored(db, rows)
}

/** The document that made an SLO; null when none did. An SLO of another workspace is `not_found`. */
export async function findSloSource(
  db: Database,
  workspaceId: string,
  sloId: string,
): Promise<StoredCodeDocument | null> {
  const slo = await db.slo.findFirst({ where: { id: sloId, workspaceId }, select: { id: true } })
  if (slo === null) throw new NinesError('not_found', 'there is no such SLO')
  return findSource(db, workspaceId, { sloId })
}

/** The document that made a budget policy of the workspace; null when none did. */
export async function findBudgetPolicySource(
  db: Database,
  workspaceId: string,
  budgetPolicyId: string,
): Promise<StoredCodeDocument | null> {
  return findSource(db, workspaceId, { budgetPolicyId })
}

/** The documents that made corrections of the workspace, by the ids of these; none of those that no document made. */
export async function findCorrectionSources(
  db: Database,
  workspaceId: string,
  correctionIds: readonly string[],
): Promise<Map<string, StoredCodeDocument>> {
  const rows = await db.codeDocument.findMany({
    where: { workspaceId, objects: { some: { correctionId: { in: [...correctionIds] } } } },
    include: withObjects,
  })
  return new Map(
    (await toStored(db, rows)).flatMap((document) =>
      document.objects.flatMap(({ correctionId }) =>
        correctionId === null ? [] : [[correctionId, document] as const],
      ),
    ),
  )
}

async function findSource(db: Database, workspaceId: string, object: Prisma.CodeObjectWhereInput) {
  const rows = await db.codeDocument.findMany({
    where: { workspaceId, objects: { some: object } },
    include: withObjects,
  })
  const [document] = await toStored(db, rows)
  return document ?? null
}

/** The document that a thing, or the SLO of a rule, is bound to, as shown to whoever wants to change it by hand. */
export async function findBoundFile(db: Database, workspaceId: string, bound: BoundToCode): Promise<string | null> {
  const object: Prisma.CodeObjectWhereInput =
    'ruleId' in bound ? { slo: { rules: { some: { id: bound.ruleId } } } } : bound
  const row = await db.codeDocument.findFirst({
    where: { workspaceId, objects: { some: object } },
    select: { file: true },
  })
  return row?.file ?? null
}

/**
 * Keeps documents as they were applied just now, in place of what was kept under the same names. What they made is taken
 * over from whatever document made it before; a Sloth file that made nothing else then is forgotten, since it has moved.
 */
export async function keepCodeDocuments(
  prisma: PrismaClient,
  workspaceId: string,
  documents: readonly NewCodeDocument[],
  forget: readonly string[],
): Promise<void> {
  await prisma.$transaction(
    async (tx) => {
      await tx.codeDocument.deleteMany({ where: { workspaceId, id: { in: [...forget] } } })
      for (const document of documents) await keep(tx, workspaceId, document)
    },
    { maxWait: 15_000, timeout: 60_000 },
  )
}

async function keep(tx: Database, workspaceId: string, document: NewCodeDocument): Promise<void> {
  const { objects, format, kind, name, ...rest } = document
  const data = { ...rest, notes: rest.notes as Prisma.InputJsonValue, appliedAt: new Date() }
  const { id } = await tx.codeDocument.upsert({
    where: { workspaceId_format_kind_name: { workspaceId, format, kind, name } },
    create: { id: newId('cod'), workspaceId, format, kind, name, ...data },
    update: data,
    select: { id: true },
  })
  const sloIds = objects.flatMap((object) => object.sloId ?? [])
  const serviceIds = objects.flatMap((object) => object.serviceId ?? [])
  const budgetPolicyIds = objects.flatMap((object) => object.budgetPolicyId ?? [])
  const correctionIds = objects.flatMap((object) => object.correctionId ?? [])
  const owned = {
    OR: [
      { documentId: id },
      { sloId: { in: sloIds } },
      { serviceId: { in: serviceIds } },
      { budgetPolicyId: { in: budgetPolicyIds } },
      { correctionId: { in: correctionIds } },
    ],
  }
  const before = await tx.codeObject.findMany({ where: owned, select: { documentId: true } })
  await tx.codeObject.deleteMany({ where: owned })
  await tx.codeObject.createMany({
    data: objects.map(({ applied, ...made }) => ({
      id: randomUUID(),
      documentId: id,
      ...made,
      applied: applied as Prisma.InputJsonValue,
    })),
  })
  const others = [...new Set(before.map((row) => row.documentId))].filter((other) => other !== id)
  await tx.codeDocument.deleteMany({ where: { id: { in: others }, format: 'sloth', objects: { none: {} } } })
}

/** Forgets a document; what it made stays, and is no longer bound to code. */
export async function forgetCodeDocument(db: Database, workspaceId: string, id: string): Promise<void> {
  const { count } = await db.codeDocument.deleteMany({ where: { id, workspaceId } })
  if (count === 0) throw new NinesError('not_found', 'there is no such document')
}

async function toStored(db: Database, rows: Row[]): Promise<StoredCodeDocument[]> {
  const authors = await loadUserRefs(
    db,
    rows.map((row) => row.appliedById),
  )
  return rows.map((row) => ({
    id: row.id,
    format: codeFormat.parse(row.format),
    kind: row.kind,
    name: row.name,
    text: row.text,
    isSealed: row.isSealed,
    file: row.file,
    commit: row.commit,
    notes: notes.parse(row.notes),
    appliedAt: instantOf(row.appliedAt),
    appliedBy: row.appliedById === null ? null : userRefOf(authors, row.appliedById).name,
    objects: row.objects.map(({ id: _id, documentId: _documentId, ...binding }) => binding),
  }))
}
