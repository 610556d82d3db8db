import { freePort } from '@nines/embedded'

/** A process and the apps it hosts together. */
export interface AppProcessPlan {
  name: string
  /** Names (`ingest` is `@nines/app-ingest`) or paths. */
  apps: string[]
}

/**
 * Processes in the order in which they drain: first what brings data in, last what sends pages out. The light ones
 * share a process to keep memory small; each of the others can crash alone.
 */
export const appProcesses: AppProcessPlan[] = [
  { name: 'probe-agent', apps: ['probe', 'agent'] },
  { name: 'ingest', apps: ['ingest'] },
  { name: 'api', apps: ['api'] },
  { name: 'store', apps: ['store'] },
  { name: 'evaluate', apps: ['evaluate'] },
  { name: 'worker', apps: ['worker'] },
]

/** Health ports of the apps that users never address. */
const INTERNAL_PORTS: Record<string, number> = {
  store: 8081,
  evaluate: 8082,
  worker: 8083,
  probe: 8084,
  agent: 8085,
}

export const portVariable = (app: string) => `NINES_${app.toUpperCase()}_PORT`

/** Ports for the internal apps: the user's, else the default, else (when that is taken) a free one. */
export async function chooseInternalPorts(env: Record<string, string | undefined>): Promise<Record<string, string>> {
  const chosen: Record<string, string> = {}
  for (const [app, preferred] of Object.entries(INTERNAL_PORTS)) {
    const variable = portVariable(app)
    chosen[variable] = env[variable] || String(await freePort(preferred))
  }
  return chosen
}
