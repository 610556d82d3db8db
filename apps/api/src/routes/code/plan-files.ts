import type { CodeInput, CodeNote, CodePlan } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import {
  isUnchanged,
  loadCode,
  objectsIn,
  pathText,
  planCode,
  sloDifferences,
  whereOf,
  type CodeDocument,
  type CodeFile,
  type KeptText,
  type PlannedCode,
} from '@nines/openslo'
import type { CallerWorkspace } from '../../auth/caller.ts'
import type { ApiContext } from '../../context.ts'
import { requireUsableSli } from '../slos/require-usable-sli.ts'
import { compositeIssues } from './composites-of-code.ts'
import { correctionIssues } from './corrections-of-code.ts'
import { loadCodeState } from './code-state.ts'
import { unknownBudgetPolicies } from './named-budget-policies.ts'
import { policyIssues } from './policies-of-code.ts'

export interface FilesPlan {
  planned: PlannedCode
  answer: CodePlan
}

/** Reads files and compares them with what is there. Anything wrong in them is `invalid`, told with file and line. */
export async function planFiles(
  context: ApiContext,
  workspace: CallerWorkspace,
  input: Required<CodeInput>,
): Promise<FilesPlan> {
  const state = await loadCodeState(context, workspace.id)
  const { files, slothPeriod, skipForeign, prune } = input
  const known = state.kept.filter(isReferred).map(({ file, text }) => ({ path: file, content: text }))
  const { documents, problems, skipped } = loadCode(files, { slothPeriod, skipForeign, known })
  refuse(problems.map((problem) => ({ path: whereOf(problem), message: problem.message })))
  const all = [...documents, ...dependentsOf(documents, state.kept, [...files, ...known], slothPeriod)]
  const planned = planCode(all, state, { files: files.map((file) => file.path), prune })
  const { prisma } = context
  refuse([
    ...(await policyIssues(prisma, workspace.id, planned, state)),
    ...(await unknownBudgetPolicies(prisma, workspace.id, planned)),
    ...correctionIssues(planned, state),
  ])
  refuse([...(await unusableSlis(context, workspace, planned)), ...compositeIssues(planned.slos, state.slos)])
  const notes = [...all.flatMap(notesOf), ...skipped.map((finding) => ({ ...finding, effect: 'skipped' as const }))]
  const changes = objectsIn(planned).map(({ change }) => change)
  const documentChanges = planned.documents.map(({ change }) => change)
  return { planned, answer: { isEqual: isUnchanged(planned), changes, documents: documentChanges, notes } }
}

/** Kinds that other documents name; SLOs, of which there are most, are named by none. */
const REFERRED = new Set(['SLI', 'Service', 'DataSource', 'AlertPolicy', 'AlertCondition', 'AlertWindows'])
const isReferred = ({ kind }: { kind: string }) => REFERRED.has(kind)

/**
 * SLOs of files that are not at hand, as far as what they refer to (a policy, an SLI) changes in those that are: they
 * come to something else now.
 */
function dependentsOf(
  documents: readonly CodeDocument[],
  kept: readonly KeptText[],
  known: readonly CodeFile[],
  slothPeriod: string,
): CodeDocument[] {
  if (!documents.some(isReferred)) return []
  const isGiven = ({ kind, name }: KeptText) => documents.some((one) => one.kind === kind && one.name === name)
  const others = kept.filter((one) => one.format === 'openslo' && one.kind === 'SLO' && !isGiven(one))
  const read = others.map(({ file, text }) => ({ path: file, content: text }))
  return loadCode(read, { slothPeriod, known }).documents.filter((one) => {
    const before = others.find(({ name }) => name === one.name)?.slos.map(({ applied }) => applied) ?? []
    const isSame = one.slos.every((slo) => {
      const former = before.find(({ slug }) => slug === slo.slug)
      return former !== undefined && sloDifferences(former, slo).length === 0
    })
    return !isSame || before.length !== one.slos.length
  })
}

export function notesOf({ raw, notes }: CodeDocument): CodeNote[] {
  return notes.map(({ effect, path, message }) => {
    const { file, document, line } = raw.at(path, message)
    return { effect, file, document, line, path: pathText(path), message }
  })
}

interface Issue {
  path: string
  message: string
}

function refuse(issues: Issue[]): void {
  if (issues.length === 0) return
  const [first] = issues
  const more = issues.length === 1 ? '' : ` (and ${issues.length - 1} more)`
  throw new NinesError('invalid', `${first?.path}: ${first?.message}${more}`, { issues })
}

/** SLIs over series that are known and hold no events. */
async function unusableSlis(context: ApiContext, { number }: CallerWorkspace, planned: PlannedCode): Promise<Issue[]> {
  const issues: Issue[] = []
  for (const { change, desired, source } of planned.slos) {
    if (!desired || !source || (change.action !== 'create' && change.action !== 'update')) continue
    try {
      await requireUsableSli(context, number, desired.sli)
    } catch (error) {
      if (!(error instanceof NinesError) || error.code !== 'invalid') throw error
      const where = whereOf(source.raw.at([], ''))
      issues.push(
        ...error.issues.map(({ path, message }) => ({ path: `${where} ${path.replace('body/', '')}`, message })),
      )
    }
  }
  return issues
}
