/** What the receiver must know of a request (Prometheus remote write 2.0). */
export const WRITE_HEADERS = {
  'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '2.0.0',
  'user-agent': 'nines-agent/0.1.0',
}

/** Remote write 2.0, "Retries & Backoff": every 5xx and 429; any other 4xx will never succeed. */
export function isWriteRetryable(status: number): boolean {
  return status === 429 || status >= 500
}
