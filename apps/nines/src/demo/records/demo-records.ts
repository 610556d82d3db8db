import { newWebhookSecret } from '@nines/delivery'
import { encryptSecret, newId, NinesError } from '@nines/kernel'
import {
  createChannel,
  createCheck,
  createPolicy,
  createSchedule,
  createService,
  createTeam,
  updateChannel,
  updateCheck,
  type PrismaClient,
} from '@nines/records'
import { telemetryName, type ShopServiceName } from '../shop/shop-routes.ts'

export interface DemoRecordsOptions {
  prisma: PrismaClient
  /** Seals the channel's signing secret. */
  secretKey: string
  frontendUrl: string
  /** Base URL of the demo's own pages: runbooks and the webhook inbox. */
  demoUrl: string
}

export interface DemoRecords {
  workspaceId: string
  serviceIds: Record<ShopServiceName, string>
  checkId: string
  checkIntervalSeconds: number
  channelId: string
}

const INBOX_CHANNEL = 'Demo inbox'
const FRONTEND_CHECK = 'Shop front page'
const CHECK_INTERVAL_SECONDS = 30
/** Half a minute to acknowledge before the second person is paged: long in a demonstration. */
const STEP_SECONDS = 45

const PEOPLE = [
  { name: 'Maya Lindt', email: 'maya@shop.example' },
  { name: 'Jonas Weber', email: 'jonas@shop.example' },
]

const SERVICES: Record<ShopServiceName, { name: string; tier: number; team: string; description: string }> = {
  frontend: { name: 'Shop frontend', tier: 1, team: 'storefront', description: 'What visitors of the shop see.' },
  checkout: { name: 'Shop checkout', tier: 1, team: 'storefront', description: 'Takes orders. Calls payments.' },
  payments: { name: 'Shop payments', tier: 2, team: 'payments', description: 'Charges cards.' },
}

/**
 * Makes the demonstration's teams, people, on-call schedule, policy, channel, services and check, each unless it is
 * there already: what a user has changed stays changed. Addresses of the demo itself are brought up to date.
 */
export async function ensureDemoRecords(options: DemoRecordsOptions): Promise<DemoRecords> {
  const { prisma, demoUrl } = options
  const workspace = await prisma.workspace.findFirst({ orderBy: { number: 'asc' } })
  if (!workspace) throw new NinesError('unavailable', 'the installation has no workspace yet')
  const workspaceId = workspace.id
  const people = await Promise.all(PEOPLE.map((person) => ensurePerson(prisma, workspaceId, person)))
  const channelId = await ensureChannel(options, workspaceId)
  const policyId = await ensurePolicy(prisma, workspaceId, people)
  const teamIds = {
    storefront: await ensureTeam(prisma, workspaceId, 'storefront', 'Storefront'),
    payments: await ensureTeam(prisma, workspaceId, 'payments', 'Payments'),
  }
  const serviceId = async (key: ShopServiceName): Promise<string> => {
    const slug = telemetryName(key)
    const known = await prisma.service.findUnique({ where: { workspaceId_slug: { workspaceId, slug } } })
    if (known) return known.id
    const { name, tier, team, description } = SERVICES[key]
    const teamId = team === 'payments' ? teamIds.payments : teamIds.storefront
    const runbookUrl = `${demoUrl}/runbooks/${key}`
    const input = { slug, name, description, tier, runbookUrl, teamId, escalationPolicyId: policyId }
    return (await createService(prisma, workspaceId, input)).id
  }
  const serviceIds = {
    frontend: await serviceId('frontend'),
    checkout: await serviceId('checkout'),
    payments: await serviceId('payments'),
  }
  const check = await ensureCheck(options, workspaceId, serviceIds.frontend)
  return { workspaceId, serviceIds, ...check, channelId }
}

/** Somebody to be on call. They have no password, so nobody can sign in as them. */
async function ensurePerson(
  prisma: PrismaClient,
  workspaceId: string,
  { name, email }: { name: string; email: string },
): Promise<string> {
  const user = await prisma.user.upsert({ where: { email }, create: { id: newId('usr'), name, email }, update: {} })
  const membership = { workspaceId, userId: user.id }
  await prisma.membership.upsert({
    where: { workspaceId_userId: membership },
    create: { id: newId('mem'), ...membership, role: 'responder' },
    update: {},
  })
  return user.id
}

async function ensureTeam(prisma: PrismaClient, workspaceId: string, slug: string, name: string): Promise<string> {
  const known = await prisma.team.findUnique({ where: { workspaceId_slug: { workspaceId, slug } } })
  return (known ?? (await createTeam(prisma, workspaceId, { slug, name }))).id
}

/** The default channel of the workspace: whoever has no channel of their own is paged through it. */
async function ensureChannel({ prisma, secretKey, demoUrl }: DemoRecordsOptions, workspaceId: string): Promise<string> {
  const name = INBOX_CHANNEL
  const input = { name, url: `${demoUrl}/hooks/inbox`, userId: null, isDefault: true, allowPrivate: true }
  const known = await prisma.channel.findUnique({ where: { workspaceId_name: { workspaceId, name } } })
  if (!known) {
    const sealed = encryptSecret(newWebhookSecret(), secretKey)
    return (await createChannel(prisma, workspaceId, input, sealed)).id
  }
  if (known.url !== input.url)
    await updateChannel(prisma, workspaceId, known.id, { ...input, isDefault: known.isDefault })
  return known.id
}

async function ensurePolicy(prisma: PrismaClient, workspaceId: string, people: string[]): Promise<string> {
  const [first = '', second = ''] = people
  const name = 'Shop on call'
  const known = await prisma.escalationPolicy.findUnique({ where: { workspaceId_name: { workspaceId, name } } })
  if (known) return known.id
  const rotation = {
    timeZone: 'UTC',
    handoffWeekday: 1,
    handoffTime: '09:00',
    startsOn: '2026-01-05',
    participants: people,
  }
  const existing = await prisma.schedule.findUnique({ where: { workspaceId_name: { workspaceId, name } } })
  const schedule = existing ?? (await createSchedule(prisma, workspaceId, { name, rotation }))
  const steps = [
    { delaySeconds: STEP_SECONDS, targets: [{ kind: 'schedule' as const, scheduleId: schedule.id }] },
    { delaySeconds: STEP_SECONDS, targets: [first, second].map((userId) => ({ kind: 'user' as const, userId })) },
  ]
  return (await createPolicy(prisma, workspaceId, { name, repeatCount: 1, steps })).id
}

async function ensureCheck(
  { prisma, frontendUrl }: DemoRecordsOptions,
  workspaceId: string,
  serviceId: string,
): Promise<{ checkId: string; checkIntervalSeconds: number }> {
  const input = {
    name: FRONTEND_CHECK,
    serviceId,
    enabled: true,
    intervalSeconds: CHECK_INTERVAL_SECONDS,
    timeoutMs: 5000,
    config: {
      kind: 'http' as const,
      url: `${frontendUrl}/`,
      method: 'GET' as const,
      headers: {},
      assertions: [
        { on: 'status' as const, op: 'equals' as const, value: 200 },
        { on: 'body' as const, op: 'contains' as const, value: 'demo shop' },
      ],
      allowPrivate: true,
    },
  }
  const known = await prisma.check.findFirst({ where: { workspaceId, name: FRONTEND_CHECK } })
  if (!known) return identityOf(await createCheck(prisma, workspaceId, input))
  const isCurrent = JSON.stringify(known.config).includes(JSON.stringify(input.config.url))
  return identityOf(isCurrent ? known : await updateCheck(prisma, workspaceId, known.id, input))
}

function identityOf(check: { id: string; intervalSeconds: number }) {
  return { checkId: check.id, checkIntervalSeconds: check.intervalSeconds }
}
