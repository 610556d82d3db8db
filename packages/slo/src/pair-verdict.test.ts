import type { BurnRateCondition, PairVerdict, RuleVerdict } from '@nines/contracts'
import { expect, test } from 'vitest'
import { ruleVerdict } from './pair-verdict.ts'

test.each<[BurnRateCondition['match'], PairVerdict[], RuleVerdict]>([
  ['any', ['true', 'no_data'], 'true'],
  ['any', ['false', 'true'], 'true'],
  ['any', ['false', 'holding'], 'holding'],
  // The pair without data may be the one that was true before its data went away.
  ['any', ['false', 'no_data'], 'no_data'],
  ['any', ['no_data', 'no_data'], 'no_data'],
  ['any', ['false', 'young'], 'false'],
  ['any', ['young', 'young'], 'no_data'],
  ['all', ['true', 'true'], 'true'],
  ['all', ['true', 'holding'], 'holding'],
  ['all', ['true', 'no_data'], 'no_data'],
  ['all', ['true', 'young'], 'no_data'],
  ['all', ['false', 'no_data'], 'false'],
  ['all', ['false', 'young'], 'false'],
])('%s of %j is %s', (match, pairs, expected) => {
  expect(ruleVerdict(pairs, match)).toBe(expected)
})
