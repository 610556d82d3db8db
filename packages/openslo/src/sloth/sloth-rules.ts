import type { BurnRatePair } from '@nines/contracts'
import type { DesiredRule } from '../desired/desired.ts'
import { prometheusSeconds } from '../prometheus/prometheus-duration.ts'
import type { SlothWindows } from './sloth-documents.ts'

type AlertWindow = SlothWindows['page']['quick']

const window = (errorBudgetPercent: number, shortWindow: string, longWindow: string): AlertWindow => ({
  errorBudgetPercent,
  shortWindow,
  longWindow,
})

/** The windows that Sloth brings for its two periods, from the SRE workbook. */
const WORKBOOK = {
  page: { quick: window(2, '5m', '1h'), slow: window(5, '30m', '6h') },
  ticket: { quick: window(10, '2h', '1d'), slow: window(10, '6h', '3d') },
}
export const BUILT_IN: readonly SlothWindows[] = [
  { sloPeriod: '30d', ...WORKBOOK },
  { sloPeriod: '28d', ...WORKBOOK },
]

/** Windows for a period: those of the files first, then the built-in ones. */
export function windowsFor(periodSeconds: number, own: readonly SlothWindows[]): SlothWindows | undefined {
  return [...own, ...BUILT_IN].find((windows) => prometheusSeconds(windows.sloPeriod) === periodSeconds)
}

/** The page and ticket alerts that Sloth generates, with its burn rates: share of the budget x period / long window. */
export function slothRules(windows: SlothWindows, enabled: { page: boolean; ticket: boolean }): DesiredRule[] {
  const period = prometheusSeconds(windows.sloPeriod) ?? 0
  const rule = (name: 'page' | 'ticket'): DesiredRule => ({
    name,
    severity: name === 'page' ? 'critical' : 'warning',
    enabled: enabled[name],
    condition: {
      kind: 'burn_rate',
      pairs: [windows[name].quick, windows[name].slow].map((one) => pairOf(one, period)),
      forSeconds: 0,
      resolveAfterSeconds: 60,
      match: 'any',
      clearBelow: 1,
      significance: null,
      minBadEvents: 1,
    },
  })
  return [rule('page'), rule('ticket')]
}

function pairOf({ errorBudgetPercent, shortWindow, longWindow }: AlertWindow, periodSeconds: number): BurnRatePair {
  const longSeconds = prometheusSeconds(longWindow) ?? 0
  const factor = (errorBudgetPercent / 100) * (periodSeconds / longSeconds)
  return { longSeconds, shortSeconds: prometheusSeconds(shortWindow) ?? 0, factor: Number(factor.toPrecision(12)) }
}
