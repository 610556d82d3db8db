import { isDeepStrictEqual } from 'node:util'
import {
  alertRuleDto,
  isComposite,
  sliSpec,
  type AlertRuleDto,
  type Objective,
  type Severity,
  type SliSpec,
  type SloWindow,
} from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import { updateAlertRule } from './alert-rules.ts'
import type { RuleChange } from './alerts-retire.ts'
import type { Database } from './client.ts'
import { requireSoundComposite } from './composites.ts'
import { noOutcome, type Outcome } from './follow-ups.ts'
import type { PrismaClient } from './generated/client.ts'
import { getSlo, updateSlo, type SloInput } from './slos.ts'
import { insertSlo } from './slo-creation.ts'
import { objectivesOf } from './slo-objectives.ts'
import { refuseDuplicate } from './constraint-errors.ts'

const ruleCondition = alertRuleDto.shape.condition

export interface CodeRule {
  name: string
  severity: Severity
  enabled: boolean
  condition: AlertRuleDto['condition']
}

/** An SLO with everything that code says of one, by the slug of its service. */
export interface SloTarget {
  id: string
  slug: string
  name: string
  description: string
  service: string
  sli: SliSpec
  target: number
  window: SloWindow
  furtherObjectives: Objective[]
  rules: CodeRule[]
  budgetPolicy: { name: string; objective: number | null } | null
}

/** Every SLO of a workspace that is not archived, with its rules. Members of composites are named by slug, as code names SLOs. */
export async function listSloTargets(db: Database, workspaceId: string): Promise<SloTarget[]> {
  const rows = await db.slo.findMany({
    where: { workspaceId, archivedAt: null },
    include: {
      service: { select: { slug: true } },
      versions: { orderBy: { version: 'desc' }, take: 1 },
      rules: { orderBy: { id: 'asc' } },
      budgetAttachment: { include: { policy: { select: { name: true } } } },
    },
    orderBy: { slug: 'asc' },
  })
  const slugs = new Map(rows.map(({ id, slug }) => [id, slug]))
  return rows.map(({ id, slug, name, description, service, versions: [version], rules, budgetAttachment }) => {
    if (version === undefined) throw new NinesError('internal', `SLO ${id} has no version`)
    return {
      id,
      slug,
      name,
      description,
      service: service.slug,
      sli: withMembers(sliSpec.parse(version.sli), slugs),
      ...objectivesOf(version),
      rules: rules.map((rule) => ({
        name: rule.name,
        severity: rule.severity,
        enabled: rule.enabled,
        condition: ruleCondition.parse(rule.condition),
      })),
      budgetPolicy: budgetAttachment && { name: budgetAttachment.policy.name, objective: budgetAttachment.objective },
    }
  })
}

/** A composite whose members are named otherwise: ids by slugs or the other way round; any other SLI as it is. */
export function withMembers(sli: SliSpec, names: ReadonlyMap<string, string>): SliSpec {
  if (!isComposite(sli)) return sli
  return {
    ...sli,
    members: sli.members.map((member) => ({ ...member, sloId: names.get(member.sloId) ?? member.sloId })),
  }
}

/** Makes an SLO what code says, and its rules: by name, new ones added, those that code does not know switched off. */
export async function writeCodeSlo(
  prisma: PrismaClient,
  workspaceId: string,
  id: string | null,
  input: SloInput & { rules: CodeRule[] },
  by: { userId: string | null; change: RuleChange },
): Promise<Outcome & { id: string }> {
  const { rules, ...slo } = input
  if (id === null) {
    const create = prisma.$transaction(async (tx) => {
      await requireSoundComposite(tx, workspaceId, null, slo.sli)
      return insertSlo(tx, workspaceId, { ...slo, rules, createdById: by.userId })
    })
    const message = `there is an SLO with the slug "${slo.slug}" already`
    return { id: await refuseDuplicate(create, 'body/slug', message), ...noOutcome() }
  }
  await updateSlo(prisma, workspaceId, id, slo, by.userId)
  return { id, ...(await writeRules(prisma, workspaceId, id, rules, by.change)) }
}

async function writeRules(
  prisma: PrismaClient,
  workspaceId: string,
  sloId: string,
  wanted: readonly CodeRule[],
  change: RuleChange,
): Promise<Outcome> {
  const outcome = noOutcome()
  const { rules } = await getSlo(prisma, workspaceId, sloId)
  for (const rule of rules) {
    const next = nextOf(
      rule,
      wanted.find((one) => one.name === rule.name),
    )
    if (isDeepStrictEqual(next, rule)) continue
    const { id, ...input } = next
    const { followUps, changes } = await updateAlertRule(prisma, workspaceId, id, input, change)
    outcome.followUps.push(...followUps)
    outcome.changes.push(...changes)
  }
  const added = wanted.filter((one) => !rules.some((rule) => rule.name === one.name))
  await prisma.alertRule.createMany({
    data: added.map((rule) => ({ id: newId('rule'), workspaceId, sloId, ...rule })),
  })
  return outcome
}

/** Whom a rule pages is not code's to say. A rule with alerts cannot be deleted, so one too many is switched off. */
function nextOf(rule: AlertRuleDto, wanted: CodeRule | undefined): AlertRuleDto {
  if (wanted === undefined) return { ...rule, enabled: false }
  const { severity, enabled, condition } = wanted
  return { ...rule, severity, enabled, condition: ruleCondition.parse(condition) }
}
