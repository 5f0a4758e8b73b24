import * as accounts from './accounts.ts';
import * as audit from './audit.ts';
import * as cases from './cases.ts';
import * as experiments from './experiments.ts';
import * as evidence from './evidence.ts';
import * as imports from './imports.ts';
import * as notices from './notices.ts';
import * as legal from './legal.ts';
import * as keeping from './keeping.ts';
import * as outbox from './outbox.ts';
import * as payments from './payments.ts';
import * as people from './people.ts';
import * as permits from './permits.ts';
import * as rehearsals from './rehearsals.ts';
import * as priority from './priority.ts';
import type { RouteSpec } from './route.ts';
import * as segments from './segments.ts';
import * as simulations from './simulations.ts';
import * as selection from './selection.ts';
import * as ruleChanges from './rule-changes.ts';
import * as session from './session.ts';
import * as settings from './settings.ts';
import * as strategies from './strategies.ts';
import * as templates from './templates.ts';
import * as today from './today.ts';
import * as worklist from './worklist.ts';

const isRoute = (value: unknown): value is RouteSpec =>
  typeof value === 'object' && value !== null && 'operationId' in value && 'path' in value;

/** Every operation, for the server, the OpenAPI document and the tests generated from it. */
export const everyRoute: readonly RouteSpec[] = [
  session,
  today,
  accounts,
  cases,
  people,
  worklist,
  outbox,
  segments,
  experiments,
  simulations,
  strategies,
  selection,
  rehearsals,
  priority,
  notices,
  payments,
  imports,
  legal,
  audit,
  permits,
  ruleChanges,
  evidence,
  keeping,
  settings,
  templates,
].flatMap((area) => Object.values(area).filter(isRoute));
