import { describe, expect, it } from 'vitest'
import { seriesLabels } from './series-labels.ts'

const attached = [
  ['instance', 'a:1'],
  ['job', 'app'],
] as const

describe('seriesLabels', () => {
  it.each<[string, [string, string][], boolean, Record<string, string>]>([
    ['adds the attached', [['x', '1']], false, { x: '1', job: 'app', instance: 'a:1' }],
    ['renames what they claim', [['job', 'mine']], false, { exported_job: 'mine', job: 'app', instance: 'a:1' }],
    [
      'renames until the name is free',
      [
        ['job', 'mine'],
        ['exported_job', 'older'],
      ],
      false,
      { exported_exported_job: 'mine', exported_job: 'older', job: 'app', instance: 'a:1' },
    ],
    [
      'drops what is empty',
      [
        ['x', ''],
        ['job', ''],
      ],
      false,
      { job: 'app', instance: 'a:1' },
    ],
    ['honours the exposed', [['job', 'mine']], true, { job: 'mine', instance: 'a:1' }],
    ['lets an honoured empty label take the attached away', [['instance', '']], true, { job: 'app' }],
  ])('%s', (_, exposed, honor, expected) => {
    const labels = seriesLabels('m', exposed, attached, honor)
    expect(Object.fromEntries(labels)).toEqual({ __name__: 'm', ...expected })
    expect(labels.map(([name]) => name)).toEqual(Object.keys(Object.fromEntries(labels)).sort())
  })
})
