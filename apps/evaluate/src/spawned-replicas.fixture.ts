import path from 'node:path'
import { spawnApp, type AppProcess, type OwnServices } from '@nines/testkit'

/** Replicas of evaluate as processes of their own, to be killed all together after a test. */
export function spawnedReplicas(services: OwnServices) {
  const running = new Set<AppProcess>()
  return {
    spawn: async (env: Record<string, string> = {}): Promise<AppProcess> => {
      const replica = await spawnApp(path.join(import.meta.dirname, 'index.ts'), { ...services.env, ...env })
      running.add(replica)
      return replica
    },
    killAll: async (): Promise<void> => {
      for (const replica of running) await replica.kill()
      running.clear()
    },
  }
}
