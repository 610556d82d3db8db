import { z } from 'zod'
import { budgetForecast } from '../domain/budget-forecast.ts'
import { route } from './route.ts'
import { idParams } from './shared.ts'

export const getSloForecast = route({
  id: 'getSloForecast',
  method: 'GET',
  path: '/api/v1/slos/:id/forecast',
  tag: 'SLOs',
  summary: 'When the error budget will be spent, with an interval of 80 %, given what is left of it',
  access: { role: 'viewer', scope: 'read' },
  params: idParams,
  /** null: no budget yet, or fewer than three days with events. */
  response: z.object({ forecast: budgetForecast.nullable() }),
})
