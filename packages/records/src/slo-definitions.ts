import {
  alertCondition,
  sliSpec,
  type AlertCondition,
  type Objective,
  type Severity,
  type SliSpec,
  type SloWindow,
} from '@nines/contracts'
import type { CheckCadence, Correction } from '@nines/slo'
import { loadCheckCadences } from './check-intervals.ts'
import type { Database } from './client.ts'
import { loadCorrections } from './corrections.ts'
import { objectivesOf } from './slo-objectives.ts'

/** Everything the evaluator needs to know of one SLO. */
export interface SloDefinition {
  id: string
  workspaceId: string
  /** Compact tenant number that telemetry rows carry. */
  workspaceNumber: number
  name: string
  /** The current version and since when it holds, epoch ms. */
  version: number
  versionCreatedAt: number
  sli: SliSpec
  /** Fraction of good events, 0 < target < 1. */
  target: number
  window: SloWindow
  furtherObjectives: Objective[]
  /** How often the check of an availability SLI ran over time; empty for other SLIs. */
  checkCadence: CheckCadence
  /** Corrections that apply to its minutes. */
  corrections: Correction[]
  /** The enabled rules. */
  rules: { id: string; name: string; severity: Severity; condition: AlertCondition }[]
}

/** What an SLO's rows say, apart from checks and corrections, which stand beside it. */
export interface BareDefinition extends Omit<SloDefinition, 'checkCadence' | 'corrections'> {
  serviceId: string
}

/** Every SLO of every workspace that is not archived, at its current version, ordered by id. */
export async function loadSloDefinitions(db: Database): Promise<SloDefinition[]> {
  const [bare, complete] = await Promise.all([loadBareDefinitions(db), loadCompletion(db)])
  return bare.map(complete)
}

/** The same without what stands beside them; of these ids only, where they are given. */
export async function loadBareDefinitions(db: Database, ids?: readonly string[]): Promise<BareDefinition[]> {
  const slos = await db.slo.findMany({
    where: { archivedAt: null, ...(ids && { id: { in: [...ids] } }) },
    orderBy: { id: 'asc' },
    include: {
      versions: { orderBy: { version: 'desc' }, take: 1 },
      rules: { where: { enabled: true }, orderBy: { id: 'asc' } },
      service: { select: { workspace: { select: { number: true } } } },
    },
  })
  return slos.flatMap((slo) => {
    const [version] = slo.versions
    if (version === undefined) return []
    return {
      id: slo.id,
      workspaceId: slo.workspaceId,
      serviceId: slo.serviceId,
      workspaceNumber: slo.service.workspace.number,
      name: slo.name,
      version: version.version,
      versionCreatedAt: version.createdAt.getTime(),
      sli: sliSpec.parse(version.sli),
      ...objectivesOf(version),
      rules: slo.rules.map((rule) => ({
        id: rule.id,
        name: rule.name,
        severity: rule.severity,
        condition: alertCondition.parse(rule.condition),
      })),
    }
  })
}

/** Loads intervals of checks and corrections, and adds to any SLO those that concern it. */
export async function loadCompletion(db: Database): Promise<(bare: BareDefinition) => SloDefinition> {
  const [cadenceOf, corrections] = await Promise.all([loadCheckCadences(db), loadCorrections(db)])
  return ({ serviceId, ...bare }) => ({
    ...bare,
    checkCadence: cadenceOf(bare),
    corrections: corrections({ workspaceId: bare.workspaceId, sloId: bare.id, serviceId }),
  })
}
