import { getTelemetrySettings as route } from '@nines/contracts'
import { getTelemetrySettings as get } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const getTelemetrySettings = handle(route, async ({ workspace }, { prisma }) => get(prisma, workspace.id))
