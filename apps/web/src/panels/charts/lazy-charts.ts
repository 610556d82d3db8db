import { lazy } from 'react'

/** Charts load their library (100 KB) only when one is on screen. */
export const BurnDownChart = lazy(async () => ({ default: (await import('./burn-down-chart.tsx')).BurnDownChart }))
export const BurnRateChart = lazy(async () => ({ default: (await import('./burn-rate-chart.tsx')).BurnRateChart }))
export const EventsChart = lazy(async () => ({ default: (await import('./events-chart.tsx')).EventsChart }))
export const RunsChart = lazy(async () => ({ default: (await import('./runs-chart.tsx')).RunsChart }))
export const LogHistogramChart = lazy(async () => ({
  default: (await import('./log-histogram-chart.tsx')).LogHistogramChart,
}))
export const SliSparkline = lazy(async () => ({ default: (await import('./sli-sparkline.tsx')).SliSparkline }))
