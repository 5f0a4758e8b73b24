import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './kit/tokens.css';
import './kit/base.css';
import './kit/kit.css';
import './staff/shell/shell.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { onNotice } from './kit/api.ts';
import { ProblemError } from './kit/problem.ts';
import { cssVariables, theme } from './kit/theme.ts';
import { say } from './kit/toast.tsx';
import { router } from './staff/router.tsx';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal will be refused again; only a lost connection or a fault of the server is worth a second try.
      retry: (failures, error) =>
        failures < 1 && (!(error instanceof ProblemError) || error.status === 0 || error.status >= 502),
    },
  },
});

onNotice(say);

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root element.');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" limit={3} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
