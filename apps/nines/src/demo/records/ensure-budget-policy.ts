import { createBudgetPolicy, type MessageSettings, type PrismaClient } from '@nines/records'
import type { DemoRecords } from './demo-records.ts'

const NAME = 'Shop budget'
const FOLLOWERS = ['shop-checkout-availability', 'shop-checkout-latency', 'shop-payments-availability']

/** What the shop's people agreed on, unless there is a policy of that name; deleted, it is not made again. */
export async function ensureBudgetPolicy(
  prisma: PrismaClient,
  { workspaceId, channelId }: Pick<DemoRecords, 'workspaceId' | 'channelId'>,
  settings: MessageSettings,
): Promise<void> {
  if ((await prisma.budgetPolicy.count({ where: { workspaceId, name: { startsWith: NAME } } })) > 0) return
  const followers = await prisma.slo.findMany({
    where: { workspaceId, archivedAt: null, slug: { in: FOLLOWERS }, budgetAttachment: null },
    select: { id: true },
  })
  const input = {
    name: NAME,
    description:
      'The budget is what we may spend on risk. While there is plenty, teams ship as they like. Whoever is on call may let a fix pass; everything else waits until people are served again.',
    steps: [
      { budgetLeftBelow: 0.5, actions: [{ kind: 'notify' as const, channelId }] },
      {
        budgetLeftBelow: 0.25,
        actions: [
          { kind: 'ticket' as const, channelId },
          { kind: 'note' as const, text: 'The next sprint begins with reliability work.' },
        ],
      },
      { budgetLeftBelow: 0, actions: [{ kind: 'notify' as const, channelId }, { kind: 'freeze' as const }] },
    ],
    margin: 0.05,
    onUnknown: 'allow' as const,
    slos: followers.map(({ id }) => ({ id, objective: 0 })),
  }
  await createBudgetPolicy(prisma, workspaceId, input, {
    actor: { id: null, name: 'Maya Lindt', via: 'demo' },
    settings,
  })
}
