import { probeAssignments, type ProbeAssignments } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { FastifyInstance } from 'fastify'
import type { KeyDirectory } from '../auth/key-directory.ts'
import { senderHooks, senderOf } from '../http/sender-route.ts'

export interface ProbeAssignmentsRouteOptions {
  keys: KeyDirectory
  /** Enabled checks of a workspace. */
  listChecks: (workspaceId: string) => Promise<ProbeAssignments['checks']>
}

/** GET /v1/probe/assignments: the enabled checks of the key's workspace. */
export function registerProbeAssignments(server: FastifyInstance, options: ProbeAssignmentsRouteOptions): void {
  server.get('/v1/probe/assignments', { onRequest: senderHooks(options.keys, []) }, async (request) => {
    const { workspaceId } = senderOf(request)
    const checks = await options.listChecks(workspaceId).catch((error: unknown) => {
      throw new NinesError('unavailable', 'the checks cannot be read right now', { retryAfterSeconds: 5, cause: error })
    })
    return probeAssignments.parse({ checks })
  })
}
