import { getSloForecast, type SloDetail } from '@nines/contracts'
import { forecastWords } from '../model/forecast-words.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { Figure } from './panel.tsx'

/** Sooner than this it is worth a second look. */
const SOON_SECONDS = 7 * 86_400

/** When the budget will be spent, made of the last two weeks, with the interval that holds four of five outcomes. */
export function ForecastFigure({ slo }: { slo: SloDetail }) {
  const query = useApiQuery(getSloForecast, { params: { id: slo.id } })
  const label = 'Forecast: spent'
  if (query.data === undefined)
    return <Figure label={label} value="–" note={query.isError ? 'cannot be made now' : '…'} />
  const { forecast } = query.data
  const { value, note } = forecastWords(forecast)
  const median = forecast?.medianSeconds ?? null
  const tone = median === null ? undefined : median === 0 ? 'bad' : median < SOON_SECONDS ? 'warn' : undefined
  return <Figure label={label} value={value} note={note} {...(tone && { tone })} />
}
