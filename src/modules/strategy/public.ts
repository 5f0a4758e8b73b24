/** The built-in B2B strategy, as data. */
export { DEFAULT_STRATEGY, defaultB2b } from './default-b2b.ts';
export {
  type Action,
  actions,
  events,
  parseDefinition,
  type Reaction,
  type Step,
  type StrategyDefinition,
  type StrategyEvent,
} from './definition.ts';
export { type Stage, stages } from './stage.ts';
export { type AccountPicture, evaluate, type ItemPicture, type Verdict } from './evaluate.ts';
export { type Explanation, explainAccount } from './explain-account.ts';
export { findAccountsNamed } from './find-account.sql.ts';
export { type PlanState, planTransitions } from './plan.ts';
export {
  type DuePlan,
  listDuePlans,
  markPlans,
  planTallies,
  postponePlans,
  releasePlans,
  tidyStopped,
} from './plans.sql.ts';
export { countPlansAhead, listPlansAhead, type PlanAhead } from './plans-ahead.sql.ts';
export { publishDefault, publishVersion } from './publish.ts';
export { isNonAction, type NonActionReason, nonActionReasons } from './reasons.ts';
export type { RunCounts } from './run-counts.sql.ts';
export { type RunOptions, type RunRefusal, type RunReport, runStrategy } from './run-strategy.ts';
export { findVersion, type StrategyVersion, type Takeover, takeovers } from './versions.sql.ts';
/** Which strategy an account follows. */
export { changeSelection, readSelection, type SelectionDraft } from './selection.ts';
export { findSelection, listSegmentRevisions, listSelections, type Selection } from './selection.sql.ts';
export { findLastRunDay } from './runs.sql.ts';
/** What rules may ask about an account, and the rules kept under names. */
export { factCatalogue, type FactField } from './segments/fact-catalogue.ts';
export { operatorsOf, parseRule, type Rule } from './segments/rule.ts';
export { listSegments, type SegmentRow } from './segments/segment.sql.ts';
export { archiveSegment, changeSegment, createSegment } from './segments/segments.ts';
export { operatorInWords, type RuleNames, ruleInWords } from './segments/rule-in-words.ts';
export { loadRuleNames, type TriedRule, tryRule } from './segments/try-rule.ts';
/** Experiments: the people of a line split by lot between strategies, and what they show. */
export {
  changeExperiment,
  createExperiment,
  decideExperiment,
  type ExperimentRefusal,
  startExperiment,
  stopExperiment,
  widenExperiment,
} from './experiments/change-experiment.ts';
export type { Arm, Experiment, ExperimentState, ExperimentTerms } from './experiments/experiment.ts';
export { findExperiment, listExperiments, listSteps, listStrategyNames } from './experiments/experiment.sql.ts';
export { type Measure, measures } from './experiments/outcomes.sql.ts';
export { measureInflow } from './experiments/plan-experiment.ts';
export { readResults, watchExperiments } from './experiments/read-results.ts';
export type { Point, Results } from './experiments/results.ts';
export { type Plan, planSample } from './experiments/sample-size.ts';
/** What work is worth, and what a day allows. */
export { type BudgetsRow, findBudgets, listBudgets } from './worth/budgets.sql.ts';
export { changeBudgets } from './worth/change-budgets.ts';
export { changeWeights, explainWorth, loadWeights, loadWorth, type WeightsRefusal } from './worth/change-weights.ts';
export { type Act, acts, defaultWeights, parseWeights, type Weights } from './worth/weights.ts';
export { findWeights, listWeights, type WeightsRow } from './worth/weights.sql.ts';
export { type WorthFacts, type WorthDay, worthOf, worthReasons } from './worth/worth.ts';
export { worthInSql, type WorthInSql } from './worth/worth.sql.ts';
export { listUse } from './run-budgets.sql.ts';
