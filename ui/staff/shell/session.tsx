import { createContext, useContext } from 'react';
import type { Output } from '../../kit/operations.ts';

export type Session = Output<'getSession'>;

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession needs the shell above it.');
  return session;
}

/** Whether the person may do something; what they may not do is not offered. */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}

export const roleNames: Readonly<Record<Session['role'], string>> = {
  owner: 'Owner',
  manager: 'Manager',
  collector: 'Collector',
  compliance_officer: 'Compliance officer',
  accountant: 'Accountant',
  read_only: 'Read only',
};
