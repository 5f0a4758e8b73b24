import type { IconName } from '../../kit/icons.tsx';

export interface Place {
  readonly to:
    | '/'
    | '/accounts'
    | '/worklist'
    | '/outbox'
    | '/payments'
    | '/duplicates'
    | '/import'
    | '/templates'
    | '/segments'
    | '/experiments'
    | '/simulations'
    | '/strategies'
    | '/compliance'
    | '/audit'
    | '/settings';
  readonly label: string;
  readonly icon: IconName;
  readonly key: string;
  readonly permission?: string;
  /** Shown in the bar at the foot of a narrow screen; the rest is behind "More". */
  readonly primary?: true;
}

export const places: readonly Place[] = [
  { to: '/', label: 'Today', icon: 'today', key: 't', permission: 'insights.read', primary: true },
  { to: '/accounts', label: 'Accounts', icon: 'accounts', key: 'a', permission: 'accounts.read', primary: true },
  { to: '/worklist', label: 'Worklist', icon: 'worklist', key: 'w', permission: 'tasks.work', primary: true },
  { to: '/outbox', label: 'Outbox', icon: 'outbox', key: 'o', permission: 'accounts.read', primary: true },
  { to: '/payments', label: 'Payments', icon: 'payments', key: 'p', permission: 'accounts.read' },
  { to: '/duplicates', label: 'Duplicates', icon: 'branch', key: 'd', permission: 'accounts.write' },
  { to: '/import', label: 'Import', icon: 'import', key: 'i', permission: 'accounts.read' },
  { to: '/templates', label: 'Templates', icon: 'file', key: 'e', permission: 'templates.write' },
  { to: '/segments', label: 'Segments', icon: 'segments', key: 'm', permission: 'strategy.publish' },
  { to: '/experiments', label: 'Experiments', icon: 'experiment', key: 'x', permission: 'strategy.publish' },
  { to: '/simulations', label: 'Simulations', icon: 'simulations', key: 'v', permission: 'strategy.publish' },
  { to: '/strategies', label: 'Strategies', icon: 'strategies', key: 'r', permission: 'strategy.publish' },
  { to: '/compliance', label: 'Compliance', icon: 'lock', key: 'c', permission: 'compliance.read' },
  { to: '/audit', label: 'Audit', icon: 'audit', key: 'u', permission: 'audit.read' },
  { to: '/settings', label: 'Settings', icon: 'settings', key: 's' },
];
