import path from 'node:path'
import { freePort, startRedis } from '@nines/embedded'
import { startApp, type AppProcess } from './app-process.ts'

const FED_EVALUATE = path.resolve(import.meta.dirname, '../slo/fed-evaluate.ts')

/** Telemetry for evaluation alone: an ingest that appends to a stream that nobody stores. */
export interface Feed {
  /** Of its ingest, which takes the keys of the installation. */
  url: string
  redisUrl: string
  redisPid: number
  /** Evaluate that reads this stream, and writes where every evaluate writes. */
  startEvaluate(): Promise<AppProcess>
  stop(): Promise<void>
}

/** Beside the apps whose environment this is. */
export async function startFeed(env: Record<string, string>, folder: string): Promise<Feed> {
  const redis = await startRedis({ dataDir: path.join(folder, 'feed-redis'), port: await freePort() })
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const own = {
    ...env,
    REDIS_URL: redis.url,
    NINES_INGEST_PORT: port,
    NINES_INGEST_GRPC_PORT: String(await freePort()),
    NINES_INGEST_URL: url,
    NINES_DATA_DIR: path.join(folder, 'feed'),
  }
  try {
    const ingest = await startApp('ingest', own, folder)
    return {
      url,
      redisUrl: redis.url,
      redisPid: redis.pid,
      startEvaluate: () => startApp('evaluate', { ...env, BENCH_FEED_REDIS_URL: redis.url }, folder, FED_EVALUATE),
      async stop() {
        await ingest.stop()
        await redis.stop()
      },
    }
  } catch (error) {
    await redis.stop()
    throw error
  }
}
