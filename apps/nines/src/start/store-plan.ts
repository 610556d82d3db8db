import path from 'node:path'
import { freePort, startClickHouse, startPostgres, startRedis, type EmbeddedStore } from '@nines/embedded'
import type { LauncherSettings, PortChoice, StoreName } from './settings.ts'

/** A store that this launcher runs itself, ready to be started again on the same port. */
export interface StorePlan {
  name: StoreName
  title: string
  start: () => Promise<EmbeddedStore>
}

/** The stores to embed: those whose URL the user has not set. */
export async function planStores(settings: LauncherSettings, announce: (line: string) => void): Promise<StorePlan[]> {
  const plans: StorePlan[] = []
  const add = async (name: StoreName, title: string, start: (port: number) => Promise<EmbeddedStore>) => {
    if (settings.storeUrls[name]) return
    const port = await choosePort(settings.storePorts[name])
    plans.push({ name, title, start: () => start(port) })
  }
  const place = (name: StoreName, port: number) => ({
    dataDir: path.join(settings.dataDir, name),
    logFile: path.join(settings.dataDir, 'logs', `${name}.log`),
    port,
  })
  await add('postgres', 'PostgreSQL', (port) => startPostgres({ ...place('postgres', port), database: 'nines' }))
  await add('clickhouse', 'ClickHouse', (port) => startClickHouse(place('clickhouse', port)))
  await add('redis', 'Redis', (port) => startRedis({ ...place('redis', port), announce }))
  return plans
}

async function choosePort({ port, isChosen }: PortChoice): Promise<number> {
  return isChosen ? port : freePort(port)
}
