import type { EscalationStepSpec, RuleVerdict } from '@nines/contracts'
import { newWebhookSecret } from '@nines/delivery'
import { encryptSecret, newId } from '@nines/kernel'
import type { PayloadOf } from '@nines/pipeline'
import { createChannel, createPolicy, createService, createSlo, type PrismaClient } from '@nines/records'

/** A workspace whose one rule pages one webhook channel. */
export interface WorkerWorld {
  workspaceId: string
  ruleId: string
  serviceId: string
  channelId: string
  /** Signing secret of the channel. */
  secret: string
  /** Payload of an advance-alert job that says so now. */
  says: (verdict: RuleVerdict) => PayloadOf<'advanceAlert'>
}

export interface WorkerWorldOptions {
  /** Where pages go. */
  url: string
  secretKey: string
  /** Seconds each step of the policy waits. */
  delaysSeconds: number[]
}

export async function makeWorkerWorld(prisma: PrismaClient, options: WorkerWorldOptions): Promise<WorkerWorld> {
  const workspaceId = newId('wsp')
  await prisma.workspace.create({ data: { id: workspaceId, slug: workspaceId.replace('_', '-'), name: 'Test' } })
  const secret = newWebhookSecret()
  const channel = await createChannel(
    prisma,
    workspaceId,
    { name: 'Ops', url: options.url, userId: null, isDefault: true, allowPrivate: true },
    encryptSecret(secret, options.secretKey),
  )
  const steps = options.delaysSeconds.map((delaySeconds): EscalationStepSpec => ({
    delaySeconds,
    targets: [{ kind: 'channel', channelId: channel.id }],
  }))
  const policy = await createPolicy(prisma, workspaceId, { name: 'Default', repeatCount: 0, steps })
  const service = await createService(prisma, workspaceId, {
    slug: 'checkout',
    name: 'Checkout',
    description: '',
    tier: 1,
    teamId: null,
    runbookUrl: null,
    escalationPolicyId: policy.id,
  })
  const slo = await createSlo(
    prisma,
    workspaceId,
    {
      slug: 'availability',
      name: 'Availability',
      description: '',
      serviceId: service.id,
      sli: { kind: 'ratio', good: { metric: 'ok', matchers: [] }, total: { metric: 'all', matchers: [] } },
      target: 0.999,
      window: { kind: 'rolling', days: 30 },
      furtherObjectives: [],
    },
    null,
  )
  const rule = slo.rules.find((r) => r.severity === 'critical')
  if (!rule) throw new Error('a new SLO has a rule that pages')
  const condition = { ...rule.condition, forSeconds: 0, resolveAfterSeconds: 0 }
  await prisma.alertRule.update({ where: { id: rule.id }, data: { condition } })
  let lastAt = 0
  return {
    workspaceId,
    ruleId: rule.id,
    serviceId: service.id,
    channelId: channel.id,
    secret,
    says(verdict) {
      const at = (lastAt = Math.max(Date.now(), lastAt + 1))
      const about = { sloId: slo.id, sloVersion: 1, target: 0.999, at, budgetRemaining: 0.8, measuredUntil: at }
      const evidence = { ...about, kind: 'burn_rate' as const, frozen: false, pairs: [] }
      return { workspaceId, ruleId: rule.id, at, verdict, evidence }
    },
  }
}
