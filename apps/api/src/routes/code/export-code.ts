import { exportCode as route, hasRole } from '@nines/contracts'
import { exportOpenSlo, exportOriginal, hideConnections, type KeptText } from '@nines/openslo'
import type { WorkspaceCaller } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'
import { loadCodeState } from './code-state.ts'

export const exportCode = handle(route, async ({ workspace, caller, query }, context) => {
  const { kept, ...live } = await loadCodeState(context, workspace.id)
  const told = mayWrite(caller) ? kept : kept.map(withoutConnections)
  const documents =
    query.format === 'original' ? exportOriginal({ kept: told }) : exportOpenSlo({ ...live, kept: told })
  return { text: documents.join('---\n'), documents: documents.length }
})

function mayWrite(caller: WorkspaceCaller): boolean {
  return caller.kind === 'member' ? hasRole(caller.role, 'editor') : caller.scopes.includes('write')
}

function withoutConnections(document: KeptText): KeptText {
  return document.kind === 'DataSource' ? { ...document, text: hideConnections(document) } : document
}
