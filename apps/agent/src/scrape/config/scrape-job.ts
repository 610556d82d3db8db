import { dirname, resolve } from 'node:path'
import type { GlobalSection, ScrapeSection } from './scrape-file.ts'
import type { TargetGroup } from './target-group.ts'

/** Where the value of an Authorization header comes from; files are read at every scrape. */
export type JobAuthorization =
  | { kind: 'basic'; username: Secret; password: Secret }
  | { kind: 'token'; type: string; credentials: Secret }
export type Secret = { text: string } | { file: string }

/** One scrape job with every default filled in. */
export interface ScrapeJob {
  name: string
  intervalMs: number
  timeoutMs: number
  path: string
  scheme: 'http' | 'https'
  params: Record<string, string[]>
  honorLabels: boolean
  honorTimestamps: boolean
  authorization: JobAuthorization | null
  /** After decompression; Infinity is no limit, here and below. */
  maxBodyBytes: number
  maxSamples: number
  maxLabels: number
  staticGroups: TargetGroup[]
  /** Absolute paths, with * in the last part. */
  fileSources: { pattern: string; refreshMs: number }[]
}

const DEFAULT_INTERVAL_MS = 60_000
const DEFAULT_TIMEOUT_MS = 10_000
/** Prometheus has no limit, but one broken target must not take the memory of all. */
const DEFAULT_BODY_BYTES = 64 * 1024 * 1024

/**
 * The job of a section. Relative paths start at the configuration file's directory. Returns a text instead when the
 * timeout is longer than the interval.
 */
export function scrapeJob(section: ScrapeSection, global: GlobalSection, configPath: string): ScrapeJob | string {
  const intervalMs = section.scrape_interval ?? global.scrape_interval ?? DEFAULT_INTERVAL_MS
  const timeoutMs = section.scrape_timeout ?? Math.min(global.scrape_timeout ?? DEFAULT_TIMEOUT_MS, intervalMs)
  if (timeoutMs > intervalMs) return `the timeout of ${timeoutMs} ms is longer than the interval of ${intervalMs} ms`
  const fromConfig = (path: string): string => resolve(dirname(configPath), path)
  return {
    name: section.job_name,
    intervalMs,
    timeoutMs,
    path: section.metrics_path,
    scheme: section.scheme,
    params: section.params,
    honorLabels: section.honor_labels,
    honorTimestamps: section.honor_timestamps,
    authorization: authorizationOf(section, fromConfig),
    maxBodyBytes: orNoLimit(section.body_size_limit ?? global.body_size_limit ?? DEFAULT_BODY_BYTES),
    maxSamples: orNoLimit(section.sample_limit ?? global.sample_limit ?? 0),
    maxLabels: orNoLimit(section.label_limit ?? global.label_limit ?? 0),
    staticGroups: section.static_configs,
    fileSources: section.file_sd_configs.flatMap(({ files, refresh_interval }) =>
      files.map((file) => ({ pattern: fromConfig(file), refreshMs: refresh_interval })),
    ),
  }
}

function authorizationOf(section: ScrapeSection, fromConfig: (path: string) => string): JobAuthorization | null {
  const secret = (text: string | undefined, file: string | undefined): Secret =>
    file === undefined ? { text: text ?? '' } : { file: fromConfig(file) }
  const { basic_auth: basic, authorization: token } = section
  if (basic)
    return {
      kind: 'basic',
      username: secret(basic.username, basic.username_file),
      password: secret(basic.password, basic.password_file),
    }
  if (!token) return null
  return { kind: 'token', type: token.type, credentials: secret(token.credentials, token.credentials_file) }
}

function orNoLimit(value: number): number {
  return value === 0 ? Infinity : value
}
