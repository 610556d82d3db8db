import { expect, test } from 'vitest'
import { apiConfig, publicIngestUrl } from './config.ts'

test.each([
  ['http://localhost:8080', undefined, 4318, 'http://localhost:4318'],
  ['https://nines.example.com/', undefined, 14318, 'https://nines.example.com:14318'],
  ['http://[::1]:8080', undefined, 4318, 'http://[::1]:4318'],
  ['https://nines.example.com', 'https://otlp.example.com/nines/', 4318, 'https://otlp.example.com/nines'],
])('dashboard at %s, ingest chosen as %s, port %s: senders are told %s', (dashboard, chosen, port, told) => {
  const config = { NINES_PUBLIC_URL: dashboard, NINES_PUBLIC_INGEST_URL: chosen, NINES_INGEST_PORT: port }
  expect(publicIngestUrl(config)).toBe(told)
})

test.each([
  ['true', 1],
  ['false', 0],
  ['0', 0],
  ['2', 2],
  [undefined, 0],
])('NINES_TRUST_PROXY=%s trusts %d proxies', (value, proxies) => {
  expect(apiConfig.shape.NINES_TRUST_PROXY.parse(value)).toBe(proxies)
})
