import { bytesField, doubleField, varintField } from './protobuf.ts'

/** A series of a remote-write request; a value without `at` is one of now. */
export interface RemoteSeries {
  labels: [name: string, value: string][]
  samples?: RemoteValue[]
  /** Native histograms that counted `value` zeros. */
  histograms?: RemoteValue[]
  exemplars?: RemoteValue[]
}
export interface RemoteValue {
  value: number
  /** Epoch ms. */
  at?: number
}

/** How a version's content type is written. */
export const REMOTE_WRITE_TYPES = {
  '1.0': 'application/x-protobuf',
  '2.0': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
} as const
export type RemoteWriteVersion = keyof typeof REMOTE_WRITE_TYPES

const UNKNOWN = bytesField(90, 'of a later minor version')

/** A prometheus.WriteRequest or an io.prometheus.write.v2.Request, each message with a field nobody knows. For tests. */
export function remoteWriteRequest(version: RemoteWriteVersion, series: readonly RemoteSeries[]): Buffer {
  if (version === '1.0') {
    const label = ([name, value]: [string, string]) =>
      bytesField(1, Buffer.concat([bytesField(1, name), bytesField(2, value), UNKNOWN]))
    return Buffer.concat([
      ...series.map((one) => {
        const { samples, histograms, exemplars } = valuesOf(one)
        const parts = [
          ...one.labels.map(label),
          ...numbered(2, samples),
          ...numbered(3, exemplars),
          ...numbered(4, histograms),
        ]
        return bytesField(1, Buffer.concat([...parts, UNKNOWN]))
      }),
      UNKNOWN,
    ])
  }
  const symbols = ['']
  const refOf = (text: string) => {
    if (!symbols.includes(text)) symbols.push(text)
    return symbols.indexOf(text)
  }
  const written = series.map((one) => {
    const { samples, histograms, exemplars } = valuesOf(one)
    const refs = bytesField(1, Buffer.from(one.labels.flat().map(refOf)))
    const metadata = bytesField(5, Buffer.concat([varintField(1, 2), UNKNOWN]))
    const parts = [
      refs,
      ...numbered(2, samples),
      ...numbered(3, histograms),
      ...numbered(4, exemplars),
      metadata,
      UNKNOWN,
    ]
    return bytesField(5, Buffer.concat(parts))
  })
  return Buffer.concat([...symbols.map((text) => bytesField(4, text)), ...written, UNKNOWN])
}

function valuesOf({ samples = [], histograms = [], exemplars = [] }: RemoteSeries) {
  const timeOf = ({ at = Date.now() }: RemoteValue) => at
  return {
    samples: samples.map((one) => [doubleField(1, one.value), varintField(2, timeOf(one)), UNKNOWN]),
    histograms: histograms.map((one) => [
      varintField(1, one.value),
      doubleField(3, 0),
      varintField(6, one.value),
      varintField(15, timeOf(one)),
      UNKNOWN,
    ]),
    exemplars: exemplars.map((one) => [doubleField(2, one.value), varintField(3, timeOf(one)), UNKNOWN]),
  }
}

function numbered(number: number, messages: Buffer[][]): Buffer[] {
  return messages.map((fields) => bytesField(number, Buffer.concat(fields)))
}
