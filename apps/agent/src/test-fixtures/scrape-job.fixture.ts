import type { ScrapeJob } from '../scrape/config/scrape-job.ts'

/** A job with nothing special about it. */
export function scrapeJobWith(parts: Partial<ScrapeJob> = {}): ScrapeJob {
  return {
    name: 'app',
    intervalMs: 15_000,
    timeoutMs: 5000,
    path: '/metrics',
    scheme: 'http',
    params: {},
    honorLabels: false,
    honorTimestamps: true,
    authorization: null,
    maxBodyBytes: 1_000_000,
    maxSamples: Infinity,
    maxLabels: Infinity,
    staticGroups: [],
    fileSources: [],
    ...parts,
  }
}
