import { createHash } from 'node:crypto'
import { messageOf } from '@nines/kernel'
import type { ScrapeJob } from '../config/scrape-job.ts'
import type { TargetGroup } from '../config/target-group.ts'
import type { Label } from '../exposition/exposition.ts'

/** One thing to scrape. */
export interface ScrapeTarget {
  job: ScrapeJob
  url: string
  /** What every series of the target carries, sorted by name: job, instance and the group's labels. */
  labels: readonly Label[]
  /** Identifies the target within its job. */
  key: string
}

/** The path, scheme and parameters that a group's labels may set for its targets, as in Prometheus. */
const SCHEME = '__scheme__'
const PATH = '__metrics_path__'
const PARAM = '__param_'

/**
 * The targets of the groups, each once. An address that makes no URL is told to `onProblem` and left out. No address
 * is refused for where it leads: whoever may write the configuration already runs the agent on this host.
 */
export function scrapeTargets(
  job: ScrapeJob,
  groups: readonly TargetGroup[],
  onProblem: (address: string, problem: string) => void,
): Map<string, ScrapeTarget> {
  const targets = new Map<string, ScrapeTarget>()
  for (const group of groups)
    for (const address of group.targets) {
      try {
        const target = scrapeTarget(job, address, group.labels)
        targets.set(target.key, target)
      } catch (error) {
        onProblem(address, messageOf(error))
      }
    }
  return targets
}

function scrapeTarget(job: ScrapeJob, address: string, given: Record<string, string>): ScrapeTarget {
  if (/[\s/?#@\\]/.test(address)) throw new Error('an address is a host and port, such as web-1:9100')
  const url = new URL(`${given[SCHEME] ?? job.scheme}://${address}`)
  url.pathname = given[PATH] ?? job.path
  const params = { ...job.params }
  for (const [name, value] of Object.entries(given))
    if (name.startsWith(PARAM)) params[name.slice(PARAM.length)] = [value]
  for (const [name, values] of Object.entries(params)) for (const value of values) url.searchParams.append(name, value)

  const labels = Object.entries({ job: job.name, instance: address, ...withoutEmpty(given) })
    .filter(([name]) => !name.startsWith('__'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return { job, url: url.href, labels, key: [url.href, ...labels.flat()].join('\0') }
}

/**
 * Where in the interval the target is scraped, in ms: spread evenly over targets and the same after a restart. The
 * job and host are part of it, so that two agents do not scrape one target at one instant.
 */
export function scrapeOffset({ job, key }: ScrapeTarget, hostName: string): number {
  const digest = createHash('sha256').update(`${hostName}\0${job.name}\0${key}`).digest()
  return digest.readUInt32BE(0) % job.intervalMs
}

function withoutEmpty(labels: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''))
}
