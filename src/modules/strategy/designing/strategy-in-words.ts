import { canonicalJson } from '../../../kernel/crypto.ts';
import { unwrap } from '../../../kernel/result.ts';
import { eventWords } from '../../accounts/public.ts';
import { type Action, actionWords, type Reaction, type Step, type StrategyDefinition } from '../definition.ts';
import { parseRule } from '../segments/rule.ts';
import { type RuleNames, ruleInWords } from '../segments/rule-in-words.ts';

const nouns: Readonly<Record<Action, readonly [string, string]>> = {
  email: ['e-mail', 'e-mails'],
  call_task: ['call', 'calls'],
  escalation: ['escalation', 'escalations'],
  specialist_task: ['task for specialists', 'tasks for specialists'],
  legal_review: ['legal review', 'legal reviews'],
  hold: ['hold', 'holds'],
};

const plural = (count: number, [one, many]: readonly [string, string]): string =>
  `${count} ${count === 1 ? one : many}`;
const days = (count: number): string => plural(count, ['day', 'days']);

/** When a step happens: "7 days after the due date". */
export function dayInWords(day: number): string {
  return day === 0 ? 'on the due date' : `${days(Math.abs(day))} ${day < 0 ? 'before' : 'after'} the due date`;
}

const begun = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

type Deed = Pick<Step, 'action' | 'title' | 'level' | 'holdDays' | 'approval'>;

function deed({ action, title, level, holdDays, approval }: Deed): string {
  const done =
    action === 'email' ? `send “${title}” by e-mail (notice level ${level})` : `${actionWords[action].deed} “${title}”`;
  return `${done}${holdDays === undefined ? '' : ` for ${days(holdDays)}`}${approval ? ', once a second person agrees' : ''}`;
}

const whom = (when: Step['when'], names: RuleNames): string =>
  when === undefined ? '' : `, for ${ruleInWords(unwrap(parseRule(when)), names)}`;

/** A step as a sentence. */
export const stepInWords = (step: Step, names: RuleNames): string =>
  `${begun(dayInWords(step.day))}: ${deed(step)}${whom(step.when, names)}.`;

/** A reaction as a sentence. */
export function reactionInWords(reaction: Reaction, names: RuleNames): string {
  const wait = reaction.afterDays === 0 ? 'at once' : `${days(reaction.afterDays)} later`;
  return `When ${eventWords[reaction.on].because}, ${wait}: ${deed(reaction)}${whom(reaction.when, names)}.`;
}

/** What the stages are called by, as a sentence. */
export function stagesInWords({ stages }: StrategyDefinition): string {
  if (stages.length === 0) return 'Accounts have no stages.';
  return `${begun(stages.map(({ stage, fromDay }) => `${stage} from day ${fromDay}`).join(', '))}, by the oldest open item.`;
}

/** What happens to accounts that a collector owns, as a sentence. */
export const assignedInWords = ({ whenAssigned }: StrategyDefinition): string =>
  whenAssigned === 'withhold_notices'
    ? 'While a collector owns an account, automatic notices stay away; tasks still come.'
    : 'Notices go out also where a collector owns the account.';

/** The whole of a strategy in two sentences. */
export function strategyInWords(definition: StrategyDefinition): string {
  const { steps, reactions = [] } = definition;
  const [first, last] = [steps[0], steps.at(-1)];
  if (!first || !last) return 'Nothing happens by itself.';
  const counted = (Object.keys(nouns) as Action[]).flatMap((action) => {
    const count = steps.filter((step) => step.action === action).length;
    return count === 0 ? [] : [plural(count, nouns[action])];
  });
  const span =
    steps.length === 1
      ? `One step, ${dayInWords(first.day)}`
      : `${steps.length} steps from ${dayInWords(first.day)} to ${dayInWords(last.day)}`;
  const conditional = steps.filter((step) => step.when !== undefined).length;
  const told = [
    `${span}: ${counted.join(', ')}.`,
    ...(conditional > 0 ? [`${plural(conditional, ['step asks', 'steps ask'])} something of the account first.`] : []),
    ...(reactions.length > 0 ? [`It answers ${plural(reactions.length, ['event', 'events'])} at once.`] : []),
  ];
  return told.join(' ');
}

/** One thing that is different in a newer definition. */
export type Change = { readonly kind: 'added' | 'removed' | 'changed'; readonly sentence: string };

/** What changes from one definition to another, a sentence each, in the order of the days; steps are known by their keys. */
export function changesBetween(before: StrategyDefinition, after: StrategyDefinition, names: RuleNames): Change[] {
  const changes = [
    ...changesOf(
      before.steps,
      after.steps,
      (step) => stepInWords(step, names),
      names,
      ({ day }) => dayInWords(day),
    ),
    ...changesOf(
      before.reactions ?? [],
      after.reactions ?? [],
      (one) => reactionInWords(one, names),
      names,
      (one) =>
        `when ${eventWords[one.on].because}, ${one.afterDays === 0 ? 'at once' : `${days(one.afterDays)} later`}`,
    ),
  ];
  const [stagesBefore, stagesAfter] = [stagesInWords(before), stagesInWords(after)];
  if (stagesBefore !== stagesAfter)
    changes.push({ kind: 'changed', sentence: `Stages: ${stagesAfter} Before: ${stagesBefore}` });
  if (before.whenAssigned !== after.whenAssigned) changes.push({ kind: 'changed', sentence: assignedInWords(after) });
  return changes;
}

type Keyed = Pick<Step, 'key' | 'title' | 'action' | 'level' | 'when' | 'holdDays' | 'approval'>;

function changesOf<T extends Keyed>(
  before: readonly T[],
  after: readonly T[],
  words: (one: T) => string,
  names: RuleNames,
  time: (one: T) => string,
): Change[] {
  const removed = before
    .filter((one) => !after.some(({ key }) => key === one.key))
    .map((one): Change => ({ kind: 'removed', sentence: words(one) }));
  const others = after.flatMap((now): Change[] => {
    const was = before.find(({ key }) => key === now.key);
    if (!was) return [{ kind: 'added', sentence: words(now) }];
    if (canonicalJson(was) === canonicalJson(now)) return [];
    const parts = [
      ...(was.title === now.title ? [] : [`is now called “${now.title}”`]),
      ...(time(was) === time(now) ? [] : [`comes ${time(now)} instead of ${time(was)}`]),
      ...(was.action === now.action ? [] : [`is now ${anA(now.action)} instead of ${anA(was.action)}`]),
      ...(was.level === now.level ? [] : [`has notice level ${now.level} instead of ${was.level}`]),
      ...(was.holdDays === now.holdDays || now.holdDays === undefined ? [] : [`lasts ${days(now.holdDays)}`]),
      ...((was.approval ?? false) === (now.approval ?? false)
        ? []
        : [now.approval ? 'waits for a second person' : 'waits for nobody']),
      ...conditionChange(was.when, now.when, names),
    ];
    return [
      { kind: 'changed', sentence: `“${was.title}” ${parts.length === 0 ? 'is set differently' : listed(parts)}.` },
    ];
  });
  return [...removed, ...others];
}

function conditionChange(was: Step['when'], now: Step['when'], names: RuleNames): string[] {
  if (canonicalJson(was ?? null) === canonicalJson(now ?? null)) return [];
  if (now === undefined) return ['is for every account now'];
  return [`is ${was === undefined ? 'now only' : 'now'} for ${ruleInWords(unwrap(parseRule(now)), names)}`];
}

const anA = (action: Action): string => `${/^[aeiou]/.test(nouns[action][0]) ? 'an' : 'a'} ${nouns[action][0]}`;
const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
