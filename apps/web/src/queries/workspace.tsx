import { hasRole, type Role } from '@nines/contracts'
import { createContext, useContext } from 'react'

export interface WorkspaceContext {
  slug: string
  name: string
  role: Role
  user: { id: string; name: string; email: string }
}

const Context = createContext<WorkspaceContext | null>(null)
export const WorkspaceProvider = Context.Provider

/** The workspace of the page, from its URL. Only below /w/$workspace. */
export function useWorkspace(): WorkspaceContext {
  const workspace = useContext(Context)
  if (workspace === null) throw new Error('useWorkspace needs a page below /w/$workspace')
  return workspace
}

/** Whether the signed-in user may do what `needed` may; controls they may not use are not shown. */
export function useMay(needed: Role): boolean {
  return hasRole(useWorkspace().role, needed)
}

/** Path of a page of this workspace: usePath()('/slos') -> "/w/acme/slos". */
export function usePath(): (page: string) => string {
  const { slug } = useWorkspace()
  return (page) => `/w/${slug}${page}`
}
