import { randomBytes } from 'node:crypto'
import type { BurnRateCondition, BurnRateEvidence, EscalationTarget, RuleVerdict } from '@nines/contracts'
import { newWebhookSecret } from '@nines/delivery'
import { encryptSecret, newId } from '@nines/kernel'
import { applyVerdict } from './alerts-verdict.ts'
import type { MessageSettings } from './follow-ups.ts'
import type { PrismaClient, Severity } from './generated/client.ts'

/** Settings with a secret key of their own. */
export function newSettings(): MessageSettings {
  return { publicUrl: 'http://nines.test', secretKey: randomBytes(32).toString('base64') }
}

export interface PagingWorld {
  workspaceId: string
  serviceId: string
  sloId: string
  ruleId: string
  /** Ada and Ben, members. */
  users: string[]
  /** The workspace's default channel. */
  channelId: string
  /** Its signing secret. */
  secret: string
  policyId: string
  /** Sends a verdict `at` an instant (now when left out). */
  verdict(verdict: RuleVerdict, at?: number): ReturnType<typeof applyVerdict>
}

export interface WorldOptions {
  url?: string
  severity?: Severity
  condition?: Partial<BurnRateCondition>
  /** Targets and delay of each step; default one step to the default channel, 60 s. */
  steps?: (world: { users: string[]; channelId: string }) => { targets: EscalationTarget[]; delaySeconds: number }[]
  repeatCount?: number
  policy?: boolean
}

/** A workspace with a service, an SLO, a rule, a policy, two members and a default channel. */
export async function makeWorld(
  prisma: PrismaClient,
  settings: MessageSettings,
  options: WorldOptions = {},
): Promise<PagingWorld> {
  const workspaceId = newId('wsp')
  await prisma.workspace.create({ data: { id: workspaceId, slug: workspaceId.replace('_', '-'), name: 'Test' } })
  const users = ['Ada', 'Ben'].map((name) => ({ id: newId('usr'), name, email: `${newId('usr')}@example.test` }))
  await prisma.user.createMany({ data: users })
  await prisma.membership.createMany({
    data: users.map(({ id: userId }) => ({ id: newId('mem'), workspaceId, userId, role: 'responder' as const })),
  })
  const secret = newWebhookSecret()
  const channelId = newId('chn')
  await prisma.channel.create({
    data: {
      id: channelId,
      workspaceId,
      name: 'Ops',
      url: options.url ?? 'http://127.0.0.1:9/',
      secretSealed: encryptSecret(secret, settings.secretKey),
      isDefault: true,
      allowPrivate: true,
    },
  })
  const userIds = users.map((u) => u.id)
  const policyId = await makePolicy(prisma, workspaceId, options, { users: userIds, channelId })
  const { serviceId, sloId, ruleId } = await makeRule(prisma, workspaceId, options, policyId)
  return {
    workspaceId,
    serviceId,
    sloId,
    ruleId,
    users: userIds,
    channelId,
    secret,
    policyId,
    verdict: (verdict, at = Date.now()) =>
      applyVerdict(prisma, { workspaceId, ruleId, verdict, at, evidence: evidenceOf(sloId, at) }, settings),
  }
}

async function makePolicy(
  prisma: PrismaClient,
  workspaceId: string,
  { steps, repeatCount = 0 }: WorldOptions,
  world: { users: string[]; channelId: string },
): Promise<string> {
  const specs = steps?.(world) ?? [
    { delaySeconds: 60, targets: [{ kind: 'channel' as const, channelId: world.channelId }] },
  ]
  const id = newId('pol')
  const rows = specs.map((spec, position) => ({ ...spec, id: newId('stp'), position }))
  const data = { id, workspaceId, name: 'Default', repeatCount, steps: { create: rows } }
  await prisma.escalationPolicy.create({ data })
  return id
}

/** A service with one SLO and one rule on it. */
export async function makeRule(
  prisma: PrismaClient,
  workspaceId: string,
  { severity = 'critical', condition, policy = true }: WorldOptions,
  policyId: string,
): Promise<{ serviceId: string; sloId: string; ruleId: string }> {
  const [serviceId, sloId, ruleId] = [newId('svc'), newId('slo'), newId('rule')]
  await prisma.service.create({
    data: {
      id: serviceId,
      workspaceId,
      slug: serviceId.replace('_', '-'),
      name: 'Checkout',
      tier: 1,
      runbookUrl: 'https://runbooks.test/checkout',
      escalationPolicyId: policy ? policyId : null,
    },
  })
  const sli = { kind: 'ratio', good: { metric: 'ok', matchers: [] }, total: { metric: 'all', matchers: [] } }
  await prisma.slo.create({
    data: {
      id: sloId,
      workspaceId,
      serviceId,
      slug: 'availability',
      name: 'Availability',
      versions: { create: { id: newId('slv'), version: 1, sli, target: 0.999, window: { kind: 'rolling', days: 30 } } },
    },
  })
  await prisma.alertRule.create({
    data: {
      id: ruleId,
      workspaceId,
      sloId,
      name: 'page',
      severity,
      condition: {
        kind: 'burn_rate',
        pairs: [{ longSeconds: 3600, shortSeconds: 300, factor: 14.4 }],
        forSeconds: 0,
        resolveAfterSeconds: 0,
        minBadEvents: 1,
        ...condition,
      },
    },
  })
  return { serviceId, sloId, ruleId }
}

export function evidenceOf(sloId: string, at: number): BurnRateEvidence {
  const window = (windowSeconds: number, burnRate: number) => ({ windowSeconds, good: 970, total: 1000, burnRate })
  return {
    kind: 'burn_rate',
    frozen: false,
    measuredUntil: at,
    sloId,
    sloVersion: 1,
    target: 0.999,
    at,
    budgetRemaining: 0.8,
    pairs: [
      {
        longSeconds: 3600,
        shortSeconds: 300,
        factor: 14.4,
        long: window(3600, 20),
        short: window(300, 30),
        verdict: 'true',
      },
    ],
  }
}
