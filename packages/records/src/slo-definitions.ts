import {
  alertCondition,
  measuredOf,
  sliSpec,
  type AlertCondition,
  type Objective,
  type Severity,
  type SliSpec,
  type SloWindow,
} from '@nines/contracts'
import type { Correction } from '@nines/slo'
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
  /** How often the check of an availability SLI runs; null for other SLIs and for a check that is gone or disabled. */
  checkIntervalSeconds: number | null
  /** Corrections that apply to its minutes. */
  corrections: Correction[]
  /** The enabled rules. */
  rules: { id: string; name: string; severity: Severity; condition: AlertCondition }[]
}

/** Every SLO of every workspace that is not archived, at its current version, ordered by id. */
export async function loadSloDefinitions(db: Database): Promise<SloDefinition[]> {
  const [slos, checks, corrections] = await Promise.all([
    db.slo.findMany({
      where: { archivedAt: null },
      orderBy: { id: 'asc' },
      include: {
        versions: { orderBy: { version: 'desc' }, take: 1 },
        rules: { where: { enabled: true }, orderBy: { id: 'asc' } },
        service: { select: { workspace: { select: { number: true } } } },
      },
    }),
    db.check.findMany({ where: { enabled: true }, select: { id: true, workspaceId: true, intervalSeconds: true } }),
    loadCorrections(db),
  ])
  const intervals = new Map(checks.map((check) => [`${check.workspaceId} ${check.id}`, check.intervalSeconds]))
  return slos.flatMap((slo) => {
    const [version] = slo.versions
    if (version === undefined) return []
    const sli = sliSpec.parse(version.sli)
    const measured = measuredOf(sli)
    return {
      id: slo.id,
      workspaceId: slo.workspaceId,
      workspaceNumber: slo.service.workspace.number,
      name: slo.name,
      version: version.version,
      versionCreatedAt: version.createdAt.getTime(),
      sli,
      ...objectivesOf(version),
      checkIntervalSeconds:
        measured.kind === 'availability' ? (intervals.get(`${slo.workspaceId} ${measured.checkId}`) ?? null) : null,
      corrections: corrections({ workspaceId: slo.workspaceId, sloId: slo.id, serviceId: slo.serviceId }),
      rules: slo.rules.map((rule) => ({
        id: rule.id,
        name: rule.name,
        severity: rule.severity,
        condition: alertCondition.parse(rule.condition),
      })),
    }
  })
}
