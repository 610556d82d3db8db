import { previewSli as route, sliSpec, type SliSpec } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { getCheck } from '@nines/records'
import { HOUR_MS, isEventSli, minuteOf } from '@nines/slo'
import type { ApiContext } from '../../context.ts'
import { handle } from '../../http/handle.ts'
import { previewCheckMinutes, previewEventMinutes, previewSeriesMinutes } from './preview-minutes.ts'
import { requireValidSli } from './require-valid-sli.ts'

export const previewSli = handle(route, async ({ workspace, body }, context) => {
  const sli = parseSli(body.sli)
  requireValidSli(sli, 'body/sli')
  const to = Date.now()
  const span = { workspace: workspace.number, from: minuteOf(to - HOUR_MS), to }
  if (sli.kind === 'availability') {
    await requireCheck(context, workspace.id, sli.checkId)
    return previewCheckMinutes(context.telemetry, sli.checkId, span)
  }
  if (isEventSli(sli)) return previewEventMinutes(context.telemetry, sli, span)
  return previewSeriesMinutes(context.telemetry, sli, span)
})

function parseSli(value: unknown): SliSpec {
  const parsed = sliSpec.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: ['body', 'sli', ...path].join('/'), message }))
  throw new NinesError('invalid', issues.map((issue) => `${issue.path}: ${issue.message}`).join('; '), { issues })
}

async function requireCheck({ prisma }: ApiContext, workspaceId: string, checkId: string): Promise<void> {
  await getCheck(prisma, workspaceId, checkId).catch((error: unknown) => {
    if (!(error instanceof NinesError) || error.code !== 'not_found') throw error
    throw new NinesError('invalid', error.message, { issues: [{ path: 'body/sli/checkId', message: error.message }] })
  })
}
