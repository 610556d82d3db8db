import { JOINED_VALUE } from '../../split-values/split-columns.ts'
import { CHEAPER_SAMPLES } from '../003-cheaper-samples.ts'
import { POINT_KEY, POINT_START, POINTS } from '../002-every-signal/point-tables.ts'
import type { Migration } from '../migration.ts'
import { createTable, type TableDefinition } from '../table-definition.ts'
import { REST_CODEC, splitStoredValues, WHOLE_CODEC } from './split-stored-values.ts'

const SAMPLES: TableDefinition = {
  ...POINTS,
  name: 'samples',
  columns: `${POINT_KEY}
${POINT_START}
  whole Int64 ${WHOLE_CODEC},
  rest Int32 ${REST_CODEC},
  value Float64 ALIAS ${JOINED_VALUE}`,
  settings: { ...POINTS.settings, ...CHEAPER_SAMPLES },
}

/** Values of samples as whole numbers and what is left of them, in two thirds of the bytes (ADR 8). */
export const splitValuesOfSamples: Migration = {
  version: 5,
  name: 'split values of samples',
  steps: (topology) => (topology.cluster === undefined ? [splitStoredValues] : createTable(SAMPLES, topology)),
}
