import type { RecordSource } from '../otlp/record-source.ts'
import type { ZipkinScope } from './zipkin-tags.ts'

const NOTHING = Buffer.alloc(0)

/** Service and instrumentation of the spans being read: each span names its own, mostly those of the span before. */
export class ZipkinOrigin {
  readonly #source: RecordSource
  #service: string | undefined
  #scope: ZipkinScope | undefined

  constructor(source: RecordSource) {
    this.#source = source
  }

  set(service: string, scope: ZipkinScope): void {
    if (service !== this.#service) this.#setService(service)
    if (scope.name !== this.#scope?.name || scope.version !== this.#scope.version) this.#setScope(scope)
  }

  #setService(service: string): void {
    const source = this.#source
    this.#service = service
    source.begin(NOTHING)
    if (service !== '') {
      source.attributes.keyText('service.name')
      source.attributes.valueText(service)
      source.attributes.add()
    }
    source.endResource(service)
  }

  #setScope(scope: ZipkinScope): void {
    const source = this.#source
    this.#scope = scope
    source.begin(NOTHING)
    source.scopeName.setText(scope.name)
    source.scopeVersion.setText(scope.version)
    source.endScope()
  }
}
