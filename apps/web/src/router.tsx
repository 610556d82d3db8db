import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { z } from 'zod'
import { changesSearch } from './model/changes-search.ts'
import { logsSearch, searchText } from './model/logs-search.ts'
import { reportSearch } from './model/report-search.ts'
import { slaSearch } from './model/sla-search.ts'
import { slosSearch } from './model/slos-search.ts'
import { timeRange } from './model/time-range.ts'
import { tracesSearch } from './model/traces-search.ts'
import { NotFound, PageError } from './pages/page-error.tsx'

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFound })
const root = () => rootRoute

const home = createRoute({
  getParentRoute: root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home.tsx'), 'HomePage'),
})
const login = createRoute({
  getParentRoute: root,
  path: '/login',
  validateSearch: z.object({ next: z.string().startsWith('/').optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/login.tsx'), 'LoginPage'),
})
const setup = createRoute({
  getParentRoute: root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/setup.tsx'), 'SetupPage'),
})
const invite = createRoute({
  getParentRoute: root,
  path: '/invite',
  component: lazyRouteComponent(() => import('./pages/invite.tsx'), 'InvitePage'),
})
/** Addresses without a workspace ("/incidents") lead to that page of the workspace used last. */
const short = createRoute({
  getParentRoute: root,
  path: '/$',
  component: lazyRouteComponent(() => import('./pages/home.tsx'), 'ShortAddressPage'),
})
const act = createRoute({
  getParentRoute: root,
  path: '/act',
  component: lazyRouteComponent(() => import('./pages/act.tsx'), 'ActPage'),
})

export const workspaceRoute = createRoute({
  getParentRoute: root,
  path: '/w/$workspace',
  component: lazyRouteComponent(() => import('./pages/workspace.tsx'), 'WorkspaceLayout'),
})
const below = () => workspaceRoute

const overview = createRoute({
  getParentRoute: below,
  path: '/overview',
  component: lazyRouteComponent(() => import('./pages/overview.tsx'), 'OverviewPage'),
})
const slos = createRoute({
  getParentRoute: below,
  path: '/slos',
  validateSearch: slosSearch,
  component: lazyRouteComponent(() => import('./pages/slos.tsx'), 'SlosPage'),
})
const sloNew = createRoute({
  getParentRoute: below,
  path: '/slos/new',
  validateSearch: z.object({ draft: z.string().max(20_000).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/slo-edit.tsx'), 'SloNewPage'),
})
const sloSuggestions = createRoute({
  getParentRoute: below,
  path: '/slos/suggestions',
  validateSearch: z.object({
    service: z.string().optional().catch(undefined),
    name: z.string().max(256).optional().catch(undefined),
    days: z.number().int().min(1).max(90).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/slo-suggestions.tsx'), 'SloSuggestionsPage'),
})
const slo = createRoute({
  getParentRoute: below,
  path: '/slos/$id',
  validateSearch: z.object({
    tab: z.enum(['budget', 'rules', 'versions']).optional().catch(undefined),
    range: timeRange.optional().catch(undefined),
    /** Whose budget the ledger is of; 0, the first one, is left out. */
    objective: z.number().int().min(1).max(7).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/slo-detail.tsx'), 'SloDetailPage'),
})
const sloEdit = createRoute({
  getParentRoute: below,
  path: '/slos/$id/edit',
  component: lazyRouteComponent(() => import('./pages/slo-edit.tsx'), 'SloEditPage'),
})
const alerts = createRoute({
  getParentRoute: below,
  path: '/alerts',
  validateSearch: z.object({
    state: z.enum(['open', 'resolved', 'all']).optional().catch(undefined),
    page: z.number().int().min(1).max(1_000_000).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('./pages/alerts.tsx'), 'AlertsPage'),
})
const alert = createRoute({
  getParentRoute: below,
  path: '/alerts/$id',
  validateSearch: z.object({ evidence: z.enum(['fired', 'now']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/alert-detail.tsx'), 'AlertDetailPage'),
})
const incidents = createRoute({
  getParentRoute: below,
  path: '/incidents',
  validateSearch: z.object({ state: z.enum(['open', 'resolved', 'all']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/incidents.tsx'), 'IncidentsPage'),
})
const incident = createRoute({
  getParentRoute: below,
  path: '/incidents/$id',
  component: lazyRouteComponent(() => import('./pages/incident-detail.tsx'), 'IncidentDetailPage'),
})
const changes = createRoute({
  getParentRoute: below,
  path: '/changes',
  validateSearch: changesSearch,
  component: lazyRouteComponent(() => import('./pages/changes.tsx'), 'ChangesPage'),
})
const checks = createRoute({
  getParentRoute: below,
  path: '/checks',
  component: lazyRouteComponent(() => import('./pages/checks.tsx'), 'ChecksPage'),
})
const checkNew = createRoute({
  getParentRoute: below,
  path: '/checks/new',
  component: lazyRouteComponent(() => import('./pages/check-edit.tsx'), 'CheckNewPage'),
})
const check = createRoute({
  getParentRoute: below,
  path: '/checks/$id',
  validateSearch: z.object({ range: timeRange.optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/check-detail.tsx'), 'CheckDetailPage'),
})
const checkEdit = createRoute({
  getParentRoute: below,
  path: '/checks/$id/edit',
  component: lazyRouteComponent(() => import('./pages/check-edit.tsx'), 'CheckEditPage'),
})
const reviews = createRoute({
  getParentRoute: below,
  path: '/reviews',
  component: lazyRouteComponent(() => import('./pages/reviews.tsx'), 'ReviewsPage'),
})
const review = createRoute({
  getParentRoute: below,
  path: '/reviews/$id',
  validateSearch: z.object({ view: z.enum(['edit', 'read']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/review-detail.tsx'), 'ReviewDetailPage'),
})
const logs = createRoute({
  getParentRoute: below,
  path: '/logs',
  validateSearch: logsSearch,
  component: lazyRouteComponent(() => import('./pages/logs.tsx'), 'LogsPage'),
})
const traces = createRoute({
  getParentRoute: below,
  path: '/traces',
  validateSearch: tracesSearch,
  component: lazyRouteComponent(() => import('./pages/traces.tsx'), 'TracesPage'),
})
const trace = createRoute({
  getParentRoute: below,
  path: '/traces/$traceId',
  validateSearch: z.object({ span: searchText }),
  component: lazyRouteComponent(() => import('./pages/trace-detail.tsx'), 'TraceDetailPage'),
})
const reports = createRoute({
  getParentRoute: below,
  path: '/reports',
  validateSearch: reportSearch,
  component: lazyRouteComponent(() => import('./pages/reports.tsx'), 'ReportsPage'),
})
const slaCalculator = createRoute({
  getParentRoute: below,
  path: '/tools/sla',
  validateSearch: slaSearch,
  component: lazyRouteComponent(() => import('./pages/sla-calculator.tsx'), 'SlaCalculatorPage'),
})
const settings = [
  createRoute({
    getParentRoute: below,
    path: '/settings/services',
    component: lazyRouteComponent(() => import('./pages/settings/services.tsx'), 'ServicesPage'),
  }),
  createRoute({
    getParentRoute: below,
    path: '/settings/schedules',
    component: lazyRouteComponent(() => import('./pages/settings/schedules.tsx'), 'SchedulesPage'),
  }),
  createRoute({
    getParentRoute: below,
    path: '/settings/policies',
    component: lazyRouteComponent(() => import('./pages/settings/policies.tsx'), 'PoliciesPage'),
  }),
  createRoute({
    getParentRoute: below,
    path: '/settings/budget-policies',
    component: lazyRouteComponent(() => import('./pages/settings/budget-policies.tsx'), 'BudgetPoliciesPage'),
  }),
  createRoute({
    getParentRoute: below,
    path: '/settings/budget-policies/new',
    component: lazyRouteComponent(() => import('./pages/settings/budget-policy-edit.tsx'), 'BudgetPolicyNewPage'),
  }),
  createRoute({
    getParentRoute: below,
    path: '/settings/budget-policies/$id',
    component: lazyRouteComponent(() => import('./pages/settings/budget-policy-edit.tsx'), 'BudgetPolicyEditPage'),
  }),
  createRoute({
    getParentRoute: below,
    path: '/settings/channels',
    component: lazyRouteComponent(() => import('./pages/settings/channels.tsx'), 'ChannelsPage'),
  }),
  createRoute({
    getParentRoute: below,
    path: '/settings/silences',
    component: lazyRouteComponent(() => import('./pages/settings/silences.tsx'), 'SilencesPage'),
  }),
  createRoute({
    getParentRoute: below,
    path: '/settings/code',
    component: lazyRouteComponent(() => import('./pages/settings/code.tsx'), 'CodePage'),
  }),
  createRoute({
    getParentRoute: below,
    path: '/settings/keys',
    component: lazyRouteComponent(() => import('./pages/settings/keys.tsx'), 'KeysPage'),
  }),
  createRoute({
    getParentRoute: below,
    path: '/settings/telemetry',
    validateSearch: z.object({ period: z.enum(['hour', 'day']).optional().catch(undefined) }),
    component: lazyRouteComponent(() => import('./pages/settings/telemetry.tsx'), 'TelemetrySettingsPage'),
  }),
  createRoute({
    getParentRoute: below,
    path: '/settings/members',
    component: lazyRouteComponent(() => import('./pages/settings/members.tsx'), 'MembersPage'),
  }),
] as const

const workspaceTree = workspaceRoute.addChildren([
  overview,
  slos,
  sloNew,
  sloSuggestions,
  slo,
  sloEdit,
  alerts,
  alert,
  incidents,
  incident,
  changes,
  checks,
  checkNew,
  check,
  checkEdit,
  logs,
  traces,
  trace,
  reviews,
  review,
  reports,
  slaCalculator,
  ...settings,
])

/** Every page is its own chunk; search parameters hold the state of a view, invalid ones are dropped. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([home, login, setup, invite, act, workspaceTree, short]),
  defaultPreload: 'intent',
  defaultErrorComponent: PageError,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
