import { describe, expect, it } from 'vitest'
import { parseStatsdLine } from './parse-statsd-line.ts'
import type { StatsdMetric } from './statsd-message.ts'

const metric = (parts: Partial<StatsdMetric>): StatsdMetric => ({
  kind: 'metric',
  name: 'm',
  type: 'c',
  values: [1],
  relative: [false],
  member: '',
  sampleRate: 1,
  tags: [],
  timestamp: null,
  ...parts,
})

describe('parseStatsdLine', () => {
  it.each<[string, Partial<StatsdMetric>]>([
    ['page.views:1|c', { name: 'page.views' }],
    ['m:-3.5|c', { values: [-3.5] }],
    ['m:1e3|c|@0.5', { values: [1000], sampleRate: 0.5 }],
    ['fuel.level:0.5|g', { name: 'fuel.level', type: 'g', values: [0.5] }],
    ['m:+4|g', { type: 'g', values: [4], relative: [true] }],
    ['m:-4|g', { type: 'g', values: [-4], relative: [true] }],
    ['m:-4|ms', { type: 'ms', values: [-4] }],
    ['m:240|h|@0.1', { type: 'h', values: [240], sampleRate: 0.1 }],
    ['m:1:2:3|ms', { type: 'ms', values: [1, 2, 3], relative: [false, false, false] }],
    ['m:1:-2:3|g', { type: 'g', values: [1, -2, 3], relative: [false, true, false] }],
    ['m:.5:5.|d', { type: 'd', values: [0.5, 5], relative: [false, false] }],
    ['m:a:b|s', { type: 's', values: [], relative: [], member: 'a:b' }],
    ['m:user 7|s|#x', { type: 's', values: [], relative: [], member: 'user 7', tags: [['x', 'true']] }],
    [
      'm:1|c|#b:2,a:1',
      {
        tags: [
          ['a', '1'],
          ['b', '2'],
        ],
      },
    ],
    ['m:1|c|#url:http://x', { tags: [['url', 'http://x']] }],
    [
      'm:1|c|#k:,:v,,k2',
      {
        tags: [
          ['k', 'true'],
          ['k2', 'true'],
        ],
      },
    ],
    ['m:1|c|#k:b,k:a,k:b', { tags: [['k', 'a,b']] }],
    ['m:1|c|#a:1|@0.5', { sampleRate: 0.5, tags: [['a', '1']] }],
    ['m:1|c|c:abc', { tags: [['container.id', 'abc']] }],
    ['m:1|c|c:ci-abc', { tags: [['container.id', 'abc']] }],
    ['m:1|c|c:in-4026', {}],
    ['m:1|c|T1656581400', { timestamp: 1_656_581_400 }],
    ['m:1|c|e:it-false|card:low|x', {}],
    ['größe:1|c|#stadt:köln', { name: 'größe', tags: [['stadt', 'köln']] }],
  ])('reads %j', (line, expected) => {
    expect(parseStatsdLine(line)).toEqual(metric(expected))
  })

  it.each([
    ['_e{5,4}:title|text|#a', 'event'],
    ['_sc|Redis connection|2|#env:dev|m:timed out', 'service_check'],
  ])('passes over %j', (line, what) => {
    expect(parseStatsdLine(line)).toEqual({ kind: 'ignored', what })
  })

  it.each([
    [':1|c', 'empty_name'],
    ['', 'empty_name'],
    [' :1|c', 'empty_name'],
    ['m', 'no_value'],
    ['m|c', 'no_value'],
    ['m:|c', 'no_value'],
    ['m:1', 'no_type'],
    ['m:1|', 'no_type'],
    ['m:1||@0.5', 'no_type'],
    ['m:1|x', 'unknown_type'],
    ['m:1|C', 'unknown_type'],
    ['m:1|constructor', 'unknown_type'],
    ['m:one|c', 'bad_value'],
    ['m:1:|ms', 'bad_value'],
    ['m:1:x:3|ms', 'bad_value'],
    ['m:0x10|c', 'bad_value'],
    ['m:NaN|g', 'bad_value'],
    ['m:Infinity|g', 'bad_value'],
    ['m:1e999|g', 'bad_value'],
    ['m:--1|g', 'bad_value'],
    ['m: 1|c', 'bad_value'],
    ['m:1|c|@0', 'bad_sample_rate'],
    ['m:1|c|@1.5', 'bad_sample_rate'],
    ['m:1|c|@-1', 'bad_sample_rate'],
    ['m:1|c|@', 'bad_sample_rate'],
    ['m:1|c|@1e-320', 'bad_sample_rate'],
    ['m:1|c|T', 'bad_timestamp'],
    ['m:1|c|T-5', 'bad_timestamp'],
    ['m:1|c|T1.5', 'bad_timestamp'],
    ['m\uFFFD:1|c', 'not_utf8'],
  ])('refuses %j: %s', (line, reason) => {
    expect(parseStatsdLine(line)).toEqual({ kind: 'malformed', reason })
  })
})
