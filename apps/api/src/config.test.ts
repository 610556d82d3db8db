import { expect, test } from 'vitest'
import { apiConfig, publicIngestGrpcUrl, publicIngestUrl } from './config.ts'

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
  ['https://nines.example.com', undefined, 14317, 'https://nines.example.com:14317'],
  ['https://nines.example.com', 'https://grpc.example.com/', 4317, 'https://grpc.example.com'],
])('dashboard at %s, gRPC chosen as %s, port %s: senders are told %s', (dashboard, chosen, port, told) => {
  const config = {
    NINES_PUBLIC_URL: dashboard,
    NINES_PUBLIC_INGEST_URL: undefined,
    NINES_INGEST_PORT: 4318,
    NINES_PUBLIC_INGEST_GRPC_URL: chosen,
    NINES_INGEST_GRPC_PORT: port,
  }
  expect(publicIngestGrpcUrl(config)).toBe(told)
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
