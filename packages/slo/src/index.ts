export { defaultBurnRateRules, type DefaultBurnRateRule } from './default-burn-rate-rules.ts'
