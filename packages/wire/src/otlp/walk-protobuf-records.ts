import { ProtobufRecordAttributes } from './protobuf-record-attributes.ts'
import { rangesOf, type ByteRange, type ProtobufReader } from './protobuf-reader.ts'
import type { RecordSource } from './record-source.ts'

/** Names of a signal's messages, for errors. */
export interface RecordMessages {
  request: string
  resource: string
  scope: string
}

export interface RecordWalk {
  reader: ProtobufReader
  attributes: ProtobufRecordAttributes
  source: RecordSource
  /** Reads one record once its resource and scope stand in the source. */
  onRecord: (record: ByteRange) => void
}

/**
 * Walks a request of logs or traces, which have the same frame: resources, in them scopes, in them records. Fields may
 * stand in any order, so each message is walked once to find its parts.
 */
export function walkProtobufRecords(walk: RecordWalk, messages: RecordMessages): void {
  const { reader } = walk
  reader.open(0, reader.bytes.length, messages.request)
  for (const range of rangesOf(reader, 1)) readResource(walk, messages, range)
}

function readResource(walk: RecordWalk, messages: RecordMessages, { start, end }: ByteRange): void {
  const { reader, source, attributes } = walk
  reader.open(start, end, messages.resource)
  const resources: ByteRange[] = []
  const scopes: ByteRange[] = []
  while (reader.next()) {
    if (reader.field === 1) resources.push(reader.range())
    else if (reader.field === 2) scopes.push(reader.range())
    else reader.skip()
  }
  source.begin(reader.bytes)
  // A singular message that occurs several times counts as merged.
  for (const resource of resources) {
    reader.open(resource.start, resource.end, 'Resource')
    while (reader.next()) {
      if (reader.field === 1) {
        const from = reader.content()
        attributes.read(from, reader.pos, source.attributes)
      } else reader.skip()
    }
  }
  source.endResource()
  for (const scope of scopes) readScope(walk, messages, scope)
}

function readScope(walk: RecordWalk, messages: RecordMessages, { start, end }: ByteRange): void {
  const { reader, source, attributes } = walk
  reader.open(start, end, messages.scope)
  const scopes: ByteRange[] = []
  const records: ByteRange[] = []
  while (reader.next()) {
    if (reader.field === 1) scopes.push(reader.range())
    else if (reader.field === 2) records.push(reader.range())
    else reader.skip()
  }
  source.begin(reader.bytes)
  for (const scope of scopes) {
    reader.open(scope.start, scope.end, 'InstrumentationScope')
    while (reader.next()) {
      if (reader.field > 3) reader.skip()
      else {
        const from = reader.content()
        if (reader.field === 1) source.scopeName.setBytes(reader.bytes, from, reader.pos)
        else if (reader.field === 2) source.scopeVersion.setBytes(reader.bytes, from, reader.pos)
        else attributes.read(from, reader.pos, source.attributes)
      }
    }
  }
  source.endScope()
  for (const record of records) walk.onRecord(record)
}
