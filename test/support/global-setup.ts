import type { TestProject } from 'vitest/node';
import type { TestServer } from './server.ts';
import { openTemplate } from './template.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** One server per run and project, with a template database that is migrated once; each test file clones it. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { server, stop } = await openTemplate();
  project.provide('testServer', server);
  return stop;
}
