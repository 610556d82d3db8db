import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { finished } from 'node:stream/promises'
import { createGzip, gzipSync } from 'node:zlib'
import type { ChdbNative, ChdbResult, ChdbStream } from './chdb-native.ts'
import { messageOf } from '@nines/kernel'

/** Below this, compressing costs more than it saves. */
const GZIP_FROM_BYTES = 1024

/** Answers with a result that is complete. */
export function sendWhole(response: ServerResponse, result: ChdbResult, gzip: boolean): void {
  response.setHeader('X-ClickHouse-Summary', summaryOf(result))
  const { bytes } = result
  if (gzip && bytes.length > GZIP_FROM_BYTES)
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(bytes))
  else response.writeHead(200).end(bytes)
}

/**
 * Answers block by block in bounded memory. An error before the first block is thrown (and becomes a status);
 * a later one travels in the body, framed the way ClickHouse does it, so that clients notice the cut.
 */
export async function sendStreamed(
  response: ServerResponse,
  native: ChdbNative,
  stream: ChdbStream,
  gzip: boolean,
): Promise<void> {
  const tag = randomUUID().replaceAll('-', '').slice(0, 16)
  let isComplete = false
  try {
    let block = await native.StreamFetch(stream).catch((error: unknown) => {
      isComplete = true
      throw error
    })
    response.setHeader('X-ClickHouse-Exception-Tag', tag)
    if (gzip) response.setHeader('content-encoding', 'gzip')
    response.writeHead(200)
    const out = gzip ? createGzip() : response
    if (out !== response) out.pipe(response)
    while (!block.done && !response.destroyed) {
      if (!out.write(block.bytes)) await drainOrClose(out, response)
      try {
        block = await native.StreamFetch(stream)
      } catch (error) {
        isComplete = true
        out.write(exceptionFrame(messageOf(error), tag))
        break
      }
    }
    isComplete ||= block.done
    out.end()
    if (!response.destroyed) await finished(response).catch(() => {})
  } finally {
    if (!isComplete) native.StreamCancel(stream)
  }
}

async function drainOrClose(out: NodeJS.WritableStream, response: ServerResponse): Promise<void> {
  const done = new AbortController()
  const options = { signal: done.signal }
  await Promise.race([once(out, 'drain', options), once(response, 'close', options)])
  done.abort()
}

function exceptionFrame(text: string, tag: string): string {
  const message = `${text}\n`
  return `\r\n__exception__\r\n${tag}\r\n${message}${Buffer.byteLength(message)} ${tag}\r\n__exception__\r\n`
}

function summaryOf(result: ChdbResult): string {
  return JSON.stringify({
    read_rows: String(result.rowsRead ?? 0),
    read_bytes: String(result.bytesRead ?? 0),
    written_rows: String(result.rowsWritten ?? 0),
    written_bytes: String(result.bytesWritten ?? 0),
    total_rows_to_read: '0',
    result_rows: '0',
    result_bytes: '0',
    elapsed_ns: String(Math.round((result.elapsed ?? 0) * 1e9)),
  })
}
