import { Menu, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { chooseTenant } from '../../kit/api.ts';
import { Icon } from '../../kit/icons.tsx';
import { useWrite } from '../../kit/queries.ts';
import { sayProblem } from '../../kit/toast.tsx';
import { useSession } from './session.tsx';

/** The person's own menu: light or dark, another tenant, keys, sign out. */
export function MeMenu({ children, showKeys }: { readonly children: ReactNode; readonly showKeys: () => void }) {
  const session = useSession();
  const scheme = useMantineColorScheme();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const signOut = useWrite('signOut', []);
  const enter = (tenantId: string) => {
    chooseTenant(tenantId);
    queries.clear();
    location.assign('/');
  };
  return (
    <Menu position="top-start" width={220} shadow="md" withinPortal>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Appearance</Menu.Label>
        {(['light', 'dark', 'auto'] as const).map((choice) => (
          <Menu.Item
            key={choice}
            leftSection={<Icon name={choice === 'light' ? 'sun' : choice === 'dark' ? 'moon' : 'clock'} />}
            rightSection={scheme.colorScheme === choice ? <Icon name="check" size={14} /> : null}
            onClick={() => scheme.setColorScheme(choice)}
          >
            {choice === 'light' ? 'Light' : choice === 'dark' ? 'Dark' : 'As the system'}
          </Menu.Item>
        ))}
        {session.tenants.length > 1 && (
          <>
            <Menu.Divider />
            <Menu.Label>Tenant</Menu.Label>
            {session.tenants.map((tenant) => (
              <Menu.Item
                key={tenant.id}
                rightSection={tenant.id === session.tenant.id ? <Icon name="check" size={14} /> : null}
                onClick={() => enter(tenant.id)}
              >
                {tenant.name}
              </Menu.Item>
            ))}
          </>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="info" />} rightSection={<kbd>?</kbd>} onClick={showKeys}>
          Keys
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name="out" />}
          onClick={() =>
            signOut.mutate(
              {},
              {
                onSuccess: () => {
                  queries.clear();
                  void navigate({ to: '/sign-in' });
                },
                onError: sayProblem,
              },
            )
          }
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
