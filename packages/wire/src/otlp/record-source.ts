import { ByteStream } from '../columns/byte-stream.ts'
import type { ColumnBuilder } from '../columns/table-builder.ts'
import { AttributeMap, type EncodedMap } from './attribute-map.ts'
import { TextField } from './record-fields.ts'

const NOTHING: EncodedMap = { count: 0, keys: Buffer.alloc(0), values: Buffer.alloc(0) }
const NO_TEXT = Buffer.from([0])
const MAX_SERVICE_BYTES = 1_024

/**
 * Resource and instrumentation scope of the records being read. They are encoded once and copied into the columns of
 * each record.
 */
export class RecordSource {
  readonly #scratch = new ByteStream()
  /** To be filled with the attributes of a resource or a scope before it is closed with its `end` method. */
  readonly attributes = new AttributeMap(this.#scratch)
  readonly scopeName = new TextField()
  readonly scopeVersion = new TextField()
  /** Name of the service, '' when the resource does not say. */
  service = ''
  #resource = NOTHING
  #scope = NOTHING
  #serviceBytes: Buffer = NO_TEXT
  #scopeNameBytes: Buffer = NO_TEXT
  #scopeVersionBytes: Buffer = NO_TEXT
  #resourceFault = ''
  #scopeFault = ''

  /** Why no record of this source can be kept, '' when they can. */
  get fault(): string {
    return this.#resourceFault || this.#scopeFault
  }

  begin(bytes: Buffer): void {
    this.#scratch.truncate(0)
    this.attributes.begin(bytes)
    this.scopeName.clear()
    this.scopeVersion.clear()
  }

  /** Takes the attributes as those of the resource. `service` is what the format itself says, where it does. */
  endResource(service = this.attributes.get('service.name') ?? ''): void {
    this.service = service
    this.#resourceFault = this.attributes.fault('the resource')
    if (Buffer.byteLength(service) > MAX_SERVICE_BYTES)
      this.#resourceFault ||= `the name of the service is longer than ${MAX_SERVICE_BYTES} bytes`
    this.#resource = this.#resourceFault ? NOTHING : this.attributes.encode()
    this.#serviceBytes = encodedText(service)
  }

  /** Takes name, version and attributes as those of the scope. */
  endScope(): void {
    this.#scopeFault = this.attributes.fault('the scope')
    this.#scope = this.#scopeFault ? NOTHING : this.attributes.encode()
    this.#scopeNameBytes = encodedField(this.scopeName)
    this.#scopeVersionBytes = encodedField(this.scopeVersion)
  }

  writeResource(service: ColumnBuilder, resource: ColumnBuilder): void {
    service.values.copy(this.#serviceBytes)
    writeMap(resource, this.#resource)
  }

  writeScope(name: ColumnBuilder, version: ColumnBuilder, attributes: ColumnBuilder): void {
    name.values.copy(this.#scopeNameBytes)
    version.values.copy(this.#scopeVersionBytes)
    writeMap(attributes, this.#scope)
  }
}

function writeMap(column: ColumnBuilder, { count, keys, values }: EncodedMap): void {
  if (count > 0) {
    column.values.copy(keys)
    column.mapValues.copy(values)
  }
  column.endRow(count)
}

function encodedText(text: string): Buffer {
  const stream = new ByteStream(64)
  stream.text(text)
  return stream.toBuffer()
}

function encodedField(field: TextField): Buffer {
  const stream = new ByteStream(64)
  field.write(stream)
  return stream.toBuffer()
}
