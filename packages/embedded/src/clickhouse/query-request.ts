import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { ClickHouseException } from './clickhouse-exception.ts'

/** One HTTP request of ClickHouse's protocol, before its body is read. */
export interface QueryRequest {
  /** SQL from the URL; the body then holds an insert's rows or is the rest of the statement. */
  urlQuery: string
  queryId: string | undefined
  database: string | undefined
  /** Values of `{name:Type}` as the client escaped them. */
  parameters: Map<string, string>
  /** Settings of this query alone. */
  settings: Map<string, string>
  defaultFormat: string
  /** The client takes a gzip-compressed answer. */
  acceptsGzip: boolean
  /** The body, decompressed. */
  body: Readable
  /** Known only for an uncompressed body with a length. */
  bodyBytes: number | undefined
}

/** URL parameters of the protocol itself; every other one is a setting. */
const PROTOCOL_PARAMETERS = new Set([
  'query',
  'query_id',
  'database',
  'user',
  'password',
  'default_format',
  'session_id',
  'session_timeout',
  'session_check',
  'role',
  'compress',
  'decompress',
  'enable_http_compression',
  'http_zlib_compression_level',
  'wait_end_of_query',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'buffer_size',
  'http_write_exception_in_output_format',
])

/** Reads the URL and headers. Throws ClickHouseException for a setting whose name could not be one. */
export function readQueryRequest(request: IncomingMessage, url: URL): QueryRequest {
  const parameters = new Map<string, string>()
  const settings = new Map<string, string>()
  for (const [name, value] of url.searchParams) {
    if (name.startsWith('param_')) parameters.set(name.slice('param_'.length), value)
    else if (!PROTOCOL_PARAMETERS.has(name)) settings.set(requireSettingName(name), value)
  }
  const isGzip = request.headers['content-encoding'] === 'gzip'
  const length = Number(request.headers['content-length'] ?? Number.NaN)
  const accepted = request.headers['accept-encoding'] ?? ''
  return {
    urlQuery: url.searchParams.get('query') ?? '',
    queryId: url.searchParams.get('query_id') ?? undefined,
    database: url.searchParams.get('database') || undefined,
    parameters,
    settings,
    defaultFormat: url.searchParams.get('default_format') ?? 'TabSeparated',
    acceptsGzip: url.searchParams.get('enable_http_compression') === '1' && /\bgzip\b/.test(accepted),
    body: isGzip ? request.pipe(createGunzip()) : request,
    bodyBytes: isGzip || Number.isNaN(length) ? undefined : length,
  }
}

/** The whole body in memory. */
export async function readBody(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function requireSettingName(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name
  throw new ClickHouseException(36, `bad setting name ${JSON.stringify(name)}`, 'BAD_ARGUMENTS')
}
