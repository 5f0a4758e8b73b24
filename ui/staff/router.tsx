import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { SkeletonLines } from '../kit/states.tsx';
import { Crashed, NotFound } from './shell/crashed.tsx';
import { Shell } from './shell/shell.tsx';

/** Query strings stay plain text (`?bucket=31_60&q=acme`), so that a filter is a link a person can read and keep. */
export type Search = Readonly<Record<string, string | undefined>>;
const readSearch = (search: Record<string, unknown>): Search =>
  Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) =>
      (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'
        ? [[key, String(value)]]
        : [],
    ),
  );

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Crashed });
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./sign-in/sign-in-page.tsx'), 'SignInPage'),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./sign-in/setup-page.tsx'), 'SetupPage'),
});
const shell = createRoute({ getParentRoute: () => root, id: 'staff', component: Shell, notFoundComponent: NotFound });

const today = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./today/today-page.tsx'), 'TodayPage'),
});
const accounts = createRoute({
  getParentRoute: () => shell,
  path: '/accounts',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./accounts/accounts-page.tsx'), 'AccountsPage'),
});
const account = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$accountId',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
});
const worklist = createRoute({
  getParentRoute: () => shell,
  path: '/worklist',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./worklist/worklist-page.tsx'), 'WorklistPage'),
});
const outbox = createRoute({
  getParentRoute: () => shell,
  path: '/outbox',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./outbox/outbox-page.tsx'), 'OutboxPage'),
});
const payments = createRoute({
  getParentRoute: () => shell,
  path: '/payments',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./payments/payments-page.tsx'), 'PaymentsPage'),
});
const duplicates = createRoute({
  getParentRoute: () => shell,
  path: '/duplicates',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./duplicates/duplicates-page.tsx'), 'DuplicatesPage'),
});
const imports = createRoute({
  getParentRoute: () => shell,
  path: '/import',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./import/imports-page.tsx'), 'ImportsPage'),
});
const importJob = createRoute({
  getParentRoute: () => shell,
  path: '/import/$importId',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./import/import-page.tsx'), 'ImportPage'),
});
const templates = createRoute({
  getParentRoute: () => shell,
  path: '/templates',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./templates/templates-page.tsx'), 'TemplatesPage'),
});
const segments = createRoute({
  getParentRoute: () => shell,
  path: '/segments',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./segments/segments-page.tsx'), 'SegmentsPage'),
});
const experiments = createRoute({
  getParentRoute: () => shell,
  path: '/experiments',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./experiments/experiments-page.tsx'), 'ExperimentsPage'),
});
const simulations = createRoute({
  getParentRoute: () => shell,
  path: '/simulations',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./simulations/simulations-page.tsx'), 'SimulationsPage'),
});
const strategies = createRoute({
  getParentRoute: () => shell,
  path: '/strategies',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./strategies/strategies-page.tsx'), 'StrategiesPage'),
});
const strategy = createRoute({
  getParentRoute: () => shell,
  path: '/strategies/$strategyId',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./strategies/designer-page.tsx'), 'DesignerPage'),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: readSearch,
  // Clocks stood here once; links to them are kept.
  beforeLoad: ({ search }) => {
    if (search['view'] === 'clocks') throw redirect({ to: '/compliance', search: { view: 'clocks' }, replace: true });
  },
  component: lazyRouteComponent(() => import('./audit/audit-page.tsx'), 'AuditPage'),
});
const compliance = createRoute({
  getParentRoute: () => shell,
  path: '/compliance',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./compliance/compliance-page.tsx'), 'CompliancePage'),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
});

const notices = createRoute({
  getParentRoute: () => shell,
  path: '/notices',
  validateSearch: readSearch,
  // A page of its own once: what is due went to Compliance, who we are on notices to Settings.
  beforeLoad: ({ search }) => {
    const due = { view: 'clocks', ...(search['tab'] === 'overdue' && { due: 'overdue' }) };
    if (search['tab'] === 'collector') throw redirect({ to: '/settings', search: { tab: 'collector' }, replace: true });
    throw redirect({ to: '/compliance', search: due, replace: true });
  },
});

const routeTree = root.addChildren([
  signIn,
  setup,
  shell.addChildren([
    today,
    accounts,
    account,
    worklist,
    outbox,
    payments,
    duplicates,
    imports,
    importJob,
    notices,
    templates,
    segments,
    experiments,
    simulations,
    strategies,
    strategy,
    compliance,
    audit,
    settings,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  defaultPendingComponent: () => (
    <div className="page">
      <SkeletonLines rows={7} height={18} />
    </div>
  ),
  defaultErrorComponent: Crashed,
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(
      Object.entries(search).flatMap(([key, value]) =>
        value === undefined || value === null || value === '' ? [] : [[key, String(value)] as [string, string]],
      ),
    ).toString();
    return text === '' ? '' : `?${text}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
