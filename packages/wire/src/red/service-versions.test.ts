import { expect, test } from 'vitest'
import { BlockBuilder } from '../block/block-builder.ts'
import { tablesOf } from '../block/table-rows-of-block.ts'
import { tracesFromJson } from '../otlp/traces-from-json.ts'
import { TracesNormaliser } from '../otlp/traces-normaliser.ts'
import { serviceVersionsOf } from './service-versions.ts'

const NOW = 1_770_000_000_000

/** What spans of resources with these attributes tell, the n-th starting n seconds before NOW. */
function versionsIn(resources: Record<string, string>[]) {
  const builder = new BlockBuilder(1, NOW)
  const resourceSpans = resources.map((attributes, i) => ({
    resource: {
      attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } })),
    },
    scopeSpans: [
      {
        spans: [0, 1].map((n) => ({
          traceId: 'a'.repeat(32),
          spanId: `${i}${n}`.padStart(16, '1'),
          name: 'GET /',
          startTimeUnixNano: `${NOW - i * 1000 + n}000000`,
          endTimeUnixNano: `${NOW - i * 1000 + n + 5}000000`,
        })),
      },
    ],
  }))
  tracesFromJson(Buffer.from(JSON.stringify({ resourceSpans })), new TracesNormaliser(builder, NOW))
  const spans = tablesOf(builder.finish()).get('spans')
  return spans ? serviceVersionsOf(spans) : []
}

test('each service, environment and version once, with the start of its first span', () => {
  const shop = { 'service.name': 'shop', 'service.version': '1', 'host.name': 'a' }
  expect(
    versionsIn([
      shop,
      { ...shop, 'host.name': 'b' },
      { ...shop, 'service.version': '2' },
      { ...shop, 'service.name': 'cart' },
      { ...shop, 'deployment.environment.name': 'staging' },
      { ...shop, 'deployment.environment': 'old-name' },
      shop,
    ]),
  ).toEqual([
    { service: 'shop', environment: '', version: '1', firstAt: NOW - 6000 },
    { service: 'shop', environment: '', version: '2', firstAt: NOW - 2000 },
    { service: 'cart', environment: '', version: '1', firstAt: NOW - 3000 },
    { service: 'shop', environment: 'staging', version: '1', firstAt: NOW - 4000 },
    { service: 'shop', environment: 'old-name', version: '1', firstAt: NOW - 5000 },
  ])
})

test('spans without a service or a version tell nothing, and do not lend that of their neighbours', () => {
  expect(
    versionsIn([
      { 'service.name': 'shop', 'service.version': '1' },
      { 'service.name': 'shop' },
      { 'service.version': '3' },
      {},
    ]),
  ).toEqual([{ service: 'shop', environment: '', version: '1', firstAt: NOW }])
})
