import { ServerInterceptingCall, type Metadata, type ServerInterceptor } from '@grpc/grpc-js'
import { authenticate } from '../auth/authenticate.ts'
import type { KeyDirectory, SenderKey } from '../auth/key-directory.ts'
import { grpcStatus } from './grpc-status.ts'

/** Whose call it is, by the metadata that came with it. */
export type Callers = WeakMap<Metadata, SenderKey>

export interface AdmitCallsOptions {
  keys: KeyDirectory
  callers: Callers
  /** Throws or rejects when the sender may not send now. `path` names the method. */
  admit: (key: SenderKey, path: string) => void | Promise<void>
}

/**
 * Judges a call by its metadata, before any of its message is read: who sends it and whether it may now. Notes the
 * sender for the method that answers.
 */
export function admitCalls({ keys, callers, admit }: AdmitCallsOptions): ServerInterceptor {
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, proceed) => {
            const judge = async () => {
              const key = await authenticate(credentialsOf(metadata), keys)
              callers.set(metadata, key)
              await admit(key, method.path)
            }
            judge().then(
              () => proceed(metadata),
              (error: unknown) => call.sendStatus(grpcStatus(error)),
            )
          },
        }),
    })
}

function credentialsOf(metadata: Metadata) {
  const textOf = (name: string) => metadata.get(name)[0]?.toString()
  return { authorization: textOf('authorization'), 'x-nines-key': textOf('x-nines-key') }
}
