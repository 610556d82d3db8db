import type { IncomingHttpHeaders } from 'node:http'
import type { TelemetrySignal } from '@nines/contracts'
import type { NinesError } from '@nines/kernel'
import type { IngestOutcome } from '@nines/wire'
import type { BodyEncoding } from '../http/content-encoding.ts'
import type { ReadBody } from '../receive/receiver.ts'

/** What a sender is answered over HTTP. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: Buffer | string
}

/** How one request is read, which its headers decide. */
export interface Reading {
  encoding: BodyEncoding
  read: ReadBody
  /** What is answered once the rows are in the stream. */
  answer(outcome: IngestOutcome): Answer
}

/** A wire format that telemetry is pushed in: what a path takes and how it answers. */
export interface WriteFormat {
  signal: TelemetrySignal
  /** Throws 'unsupported_media_type'. Looks at nothing but headers, before any of the body is read. */
  reading(headers: IncomingHttpHeaders): Reading
  /** How a refusal is told. The transport adds what HTTP wants of every refusal: Retry-After and the like. */
  refusal(error: NinesError, headers: IncomingHttpHeaders): Answer
}
