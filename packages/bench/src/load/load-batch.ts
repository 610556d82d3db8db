/** One request that is sent again and again with new content, made by writing into the same bytes. */
export interface LoadBatch {
  /** Samples, log records or spans in it. */
  readonly rows: number
  readonly body: Buffer
  /** Turns the request into the one for this time (epoch ms). Not while the body is still being sent. */
  advance(atMs: number): void
}

export type Signal = 'samples' | 'logs' | 'spans'

/** What is sent to one path. */
export interface Load {
  signal: Signal
  /** Time between two steps, as the content of the requests has it. */
  stepMs: number
  path: string
  headers: Record<string, string>
  batches: LoadBatch[]
  /** Bytes of all requests, as they are sent and before compression. */
  sentBytes: number
  plainBytes: number
}
