import { randomUUID } from 'node:crypto'
import { statfsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate as nextTick } from 'node:timers/promises'
import { bindParameters } from './bind-parameters.ts'
import type { ChdbConnection, ChdbNative } from './chdb-native.ts'
import { ClickHouseException } from './clickhouse-exception.ts'
import type { FailedWrites } from './failed-writes.ts'
import { parseInsert, type InsertStatement } from './insert-statement.ts'
import { readBody, readQueryRequest, type QueryRequest } from './query-request.ts'
import { sendStreamed, sendWhole } from './query-response.ts'
import type { Spool } from './spool.ts'
import { sqlIdentifier, sqlString } from './sql-text.ts'

/** Formats whose blocks can be sent one after the other; the others have a frame around the whole. */
const STREAMABLE_FORMATS = new Set([
  'JSONEachRow',
  'JSONCompactEachRow',
  'JSONStringsEachRow',
  'TabSeparated',
  'TSV',
  'TabSeparatedRaw',
  'TSVRaw',
  'CSV',
  'RowBinary',
])

/** Statements that write definitions. Dropping parts is none, and makes room. */
const DEFINES = /^\s*(CREATE|RENAME|EXCHANGE|ALTER(?![\s\S]*\bDROP\s+PART))\b/i
/**
 * They need so much room: a definition that could not be written would be found empty at the next start,
 * and its table gone. The engine itself refuses inserts and merges from there on (engine/config.xml).
 */
const KEPT_FREE_BYTES = 16 * 1024 * 1024

/** Statements that change nothing that is stored. */
const READ_ONLY = /^\s*(SELECT|WITH|SHOW|DESCRIBE|EXISTS|EXPLAIN)\b/i

/** A statement that is ready to run, with the file that holds its rows if it is an insert. */
interface Statement {
  sql: string
  rowsFile?: string
}

/** Runs the queries of HTTP requests in the engine. */
export class QueryHandler {
  readonly #native: ChdbNative
  readonly #dataDir: string
  readonly #spool: Spool
  readonly #writes: FailedWrites
  #inFlight = 0

  constructor(parts: { native: ChdbNative; dataDir: string; spool: Spool; writes: FailedWrites }) {
    this.#native = parts.native
    this.#dataDir = parts.dataDir
    this.#spool = parts.spool
    this.#writes = parts.writes
  }

  /** Requests that are being answered; shutdown waits for them. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Each request has a connection of its own: settings, database and errors never reach another. */
  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const query = readQueryRequest(request, url)
    this.#inFlight++
    let rowsFile: string | undefined
    const connection = this.#native.CreateConnection(this.#dataDir)
    const mark = randomUUID()
    response.once('close', () => {
      if (!response.writableFinished) void this.#killSelect(mark)
    })
    try {
      query.settings.set('log_comment', mark)
      this.#applySettings(connection, query)
      const statement = await this.#prepare(query)
      rowsFile = statement.rowsFile
      response.setHeader('X-ClickHouse-Query-Id', query.queryId ?? randomUUID())
      await this.#run(connection, statement.sql, query, response)
    } finally {
      if (rowsFile) await this.#spool.discard(rowsFile)
      await nextTick() // the engine's last callback must return before its connection goes
      this.#native.CloseConnection(connection)
      this.#inFlight--
    }
  }

  /**
   * Ends the query of a client that hung up. An engine in a process knows nothing of connections, but it kills a query
   * from another session, here by the comment that the query was marked with. Inserts run to their end: who repeats one
   * must find it whole.
   */
  async #killSelect(mark: string): Promise<void> {
    const connection = this.#native.CreateConnection(this.#dataDir)
    const where = `Settings['log_comment'] = ${sqlString(mark)} AND query_kind = 'Select'`
    try {
      await this.#native.QueryAsyncConnection(connection, `KILL QUERY WHERE ${where} ASYNC`, 'TSV')
    } catch {
      // It ended by itself meanwhile, or its own limits end it.
    } finally {
      await nextTick()
      this.#native.CloseConnection(connection)
    }
  }

  #applySettings(connection: ChdbConnection, { database, settings }: QueryRequest): void {
    if (database) this.#native.QueryWithConnection(connection, `USE ${sqlIdentifier(database)}`, 'TSV')
    if (settings.size === 0) return
    const pairs = [...settings].map(([name, value]) => `${name}=${sqlString(value)}`)
    this.#native.QueryWithConnection(connection, `SET ${pairs.join(', ')}`, 'TSV')
  }

  /** Puts the statement together; rows of an insert go to a file, wherever in the request they stood. */
  async #prepare({ urlQuery, body, bodyBytes, parameters }: QueryRequest): Promise<Statement> {
    const fromUrl = parseInsert(urlQuery)
    if (fromUrl && fromUrl.payloadStart === urlQuery.trimEnd().length) {
      return readingFrom(await this.#spool.keep(body, bodyBytes), fromUrl, parameters)
    }
    const rest = await readBody(body)
    const prefix = urlQuery === '' || rest.length === 0 ? urlQuery : `${urlQuery}\n`
    // Latin-1 keeps one character per byte, so the parsed offset is a byte offset and binary rows stay as they are.
    const bytes = Buffer.concat([Buffer.from(prefix), rest])
    const insert = parseInsert(bytes.toString('latin1'))
    if (!insert) return { sql: bindParameters(bytes.toString(), parameters) }
    const inUtf8 = {
      ...insert,
      head: Buffer.from(insert.head, 'latin1').toString(),
      settings: Buffer.from(insert.settings, 'latin1').toString(),
    }
    const rows = bytes.subarray(insert.payloadStart)
    return readingFrom(await this.#spool.keep(rows, rows.length), inUtf8, parameters)
  }

  #requireRoom(): void {
    const { bavail, bsize } = statfsSync(this.#dataDir)
    if (bavail * bsize < KEPT_FREE_BYTES)
      throw new ClickHouseException(243, `Only ${bavail * bsize} bytes are free on the disk`, 'NOT_ENOUGH_SPACE')
  }

  async #run(connection: ChdbConnection, sql: string, query: QueryRequest, response: ServerResponse): Promise<void> {
    const format = /\bFORMAT\s+(\w+)\s*(?:SETTINGS\s[\s\S]*)?;?\s*$/i.exec(sql)?.[1] ?? query.defaultFormat
    response.setHeader('X-ClickHouse-Format', format)
    response.setHeader(
      'content-type',
      format.startsWith('JSON') ? 'application/json; charset=UTF-8' : 'text/plain; charset=UTF-8',
    )
    if (STREAMABLE_FORMATS.has(format) && /^\s*(SELECT|WITH)\b/i.test(sql)) {
      await sendStreamed(response, this.#native, this.#native.StreamQuery(connection, sql, format), query.acceptsGzip)
    } else {
      if (DEFINES.test(sql)) this.#requireRoom()
      const result = await this.#native.QueryAsyncConnection(connection, sql, format)
      if (!READ_ONLY.test(sql)) await this.#writes.look()
      sendWhole(response, result, query.acceptsGzip)
    }
  }
}

function readingFrom(rowsFile: string, insert: InsertStatement, parameters: ReadonlyMap<string, string>): Statement {
  const sql = `${insert.head} FROM INFILE ${sqlString(rowsFile)} ${insert.settings} FORMAT ${insert.format}`
  return { sql: bindParameters(sql, parameters), rowsFile }
}
