import { openStores, start as startEvaluate } from '@nines/app-evaluate'
import { NinesError, type RunningApp } from '@nines/kernel'
import { createBlockStream, type BlockStream } from '@nines/pipeline'

/**
 * Evaluate as it is, but that it reads another stream than it writes to: telemetry comes from the Redis at
 * BENCH_FEED_REDIS_URL, so that taking it in costs the stores nothing. An app for the launcher's host.
 */
export async function start(env: Record<string, string | undefined>): Promise<RunningApp> {
  const redisUrl = env.BENCH_FEED_REDIS_URL
  if (!redisUrl) throw new NinesError('invalid', 'BENCH_FEED_REDIS_URL is not set')
  return startEvaluate(env, (config, onError) => {
    const stores = openStores(config, onError)
    const feed = createBlockStream({ redisUrl, prefix: config.NINES_REDIS_PREFIX, onError })
    return { ...stores, stream: fedFrom(feed, stores.stream) }
  })
}

function fedFrom(feed: BlockStream, stream: BlockStream): BlockStream {
  return {
    ...feed,
    async append(block) {
      const id = await stream.append(block)
      // Evaluate reads its own slices as well, and the bench reads here what there should be in the store.
      await feed.append(block)
      return id
    },
    async close() {
      await feed.close()
      await stream.close()
    },
  }
}
