import { z } from 'zod'
import { byteSize, duration } from './prometheus-units.ts'
import { targetGroup } from './target-group.ts'

/** 0 is no limit, as in Prometheus. */
const limit = z.number().int().min(0)

/** `global` of the file; what is not there has Prometheus' default. */
export const globalSection = z.strictObject({
  scrape_interval: duration.optional(),
  scrape_timeout: duration.optional(),
  body_size_limit: byteSize.optional(),
  sample_limit: limit.optional(),
  label_limit: limit.optional(),
})
export type GlobalSection = z.infer<typeof globalSection>

const basicAuth = z
  .strictObject({
    username: z.string().optional(),
    username_file: z.string().optional(),
    password: z.string().optional(),
    password_file: z.string().optional(),
  })
  .refine((a) => a.username === undefined || a.username_file === undefined, 'give username or username_file, not both')
  .refine((a) => a.password === undefined || a.password_file === undefined, 'give password or password_file, not both')

const authorization = z
  .strictObject({
    type: z.string().trim().min(1).optional().default('Bearer'),
    credentials: z.string().optional(),
    credentials_file: z.string().optional(),
  })
  .refine((a) => a.type.toLowerCase() !== 'basic', 'use basic_auth for the type Basic')
  .refine(
    (a) => (a.credentials === undefined) !== (a.credentials_file === undefined),
    'give one of credentials and credentials_file',
  )

/** One entry of `scrape_configs`, by Prometheus' names. */
export const scrapeSection = z
  .strictObject({
    job_name: z.string().min(1),
    scrape_interval: duration.optional(),
    scrape_timeout: duration.optional(),
    metrics_path: z.string().startsWith('/').optional().default('/metrics'),
    scheme: z.enum(['http', 'https']).optional().default('http'),
    params: z.record(z.string(), z.array(z.string())).optional().default({}),
    honor_labels: z.boolean().optional().default(false),
    honor_timestamps: z.boolean().optional().default(true),
    basic_auth: basicAuth.optional(),
    authorization: authorization.optional(),
    body_size_limit: byteSize.optional(),
    sample_limit: limit.optional(),
    label_limit: limit.optional(),
    static_configs: z.array(targetGroup).optional().default([]),
    file_sd_configs: z
      .array(
        z.strictObject({
          files: z
            .array(
              z
                .string()
                .regex(
                  /^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$/,
                  'must end with .json, .yml or .yaml; * only in the last part',
                ),
            )
            .min(1),
          refresh_interval: duration.optional().default(300_000),
        }),
      )
      .optional()
      .default([]),
  })
  .refine((job) => !job.basic_auth || !job.authorization, 'give basic_auth or authorization, not both')
export type ScrapeSection = z.infer<typeof scrapeSection>

const UNSUPPORTED: ReadonlySet<string> = new Set(
  `
  relabel_configs metric_relabel_configs tls_config oauth2 bearer_token bearer_token_file proxy_url no_proxy
  proxy_from_environment proxy_connect_header follow_redirects enable_http2 scrape_protocols
  fallback_scrape_protocol scrape_classic_histograms native_histogram_bucket_limit label_name_length_limit
  label_value_length_limit target_limit keep_dropped_targets enable_compression http_headers
  scrape_failure_log_file track_timestamps_staleness metric_name_validation_scheme always_scrape_classic_histograms
  convert_classic_histograms_to_nhcb evaluation_interval external_labels query_log_file rule_query_offset
  scrape_config_files rule_files alerting remote_write remote_read storage tracing runtime otlp
`.split(/\s+/),
)

/** What is wrong with a key that is not in the schema. */
export function unknownKeyProblem(key: string): string {
  const isPrometheus = UNSUPPORTED.has(key) || key.endsWith('_sd_configs')
  return isPrometheus
    ? 'Prometheus has this, the agent does not support it'
    : 'is not a key of the scrape configuration'
}
