import { ROW_NAME, type TelemetryFormat } from '../scenarios/telemetry-formats.ts'

type Signal = TelemetryFormat['signal']

/** How the number `n` of a row is found in each signal's table. The one place here that knows the tables' layout. */
const QUERIES: Record<Signal, string> = {
  samples: `
    SELECT toUnixTimestamp64Milli(at) - {start:Int64} AS n, count() AS copies FROM samples
    WHERE series IN (SELECT series FROM series WHERE metric = {name:String} AND labels['stream'] = {stream:String})
    GROUP BY n`,
  logs: `
    SELECT toInt64(attributes['n']) AS n, count() AS copies FROM logs
    WHERE startsWith(body, {name:String}) AND attributes['stream'] = {stream:String} GROUP BY n`,
  spans: `
    SELECT toInt64(attributes['n']) AS n, count() AS copies FROM spans
    WHERE name = {name:String} AND attributes['stream'] = {stream:String} GROUP BY n`,
}

/** Copies of each row of a stream, asked of ClickHouse itself and not of anything that might hide a second one. */
export async function storedCopies(
  clickhouseUrl: string,
  signal: Signal,
  stream: string,
  startMs: number,
): Promise<Map<number, number>> {
  const url = new URL(clickhouseUrl)
  const parameters = { database: 'nines', param_name: ROW_NAME, param_stream: stream, param_start: String(startMs) }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  const response = await fetch(url, {
    method: 'POST',
    body: `${QUERIES[signal]} FORMAT TSV`,
    signal: AbortSignal.timeout(20_000),
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`ClickHouse answered ${response.status}: ${answer.slice(0, 300)}`)
  const rows = answer.split('\n').filter((line) => line !== '')
  return new Map(
    rows.map((line) => {
      const [n, copies] = line.split('\t').map(Number)
      return [n ?? -1, copies ?? 0]
    }),
  )
}
