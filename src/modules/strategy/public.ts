/** The built-in B2B strategy, as data. */
export { DEFAULT_STRATEGY, defaultB2b } from './default-b2b.ts';
export {
  type Action,
  actions,
  actionWords,
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
  findProposal,
  listDuePlans,
  listPlannedHolds,
  markPlans,
  type PlannedHold,
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
/** Designing treatment: drafts, what stands against them, what they say. */
export { checkDefinition, type Fault, readableParts } from './designing/check-definition.ts';
export { type Draft, findDraft, isTwoPeople } from './designing/draft.sql.ts';
export {
  changeDraft,
  createStrategy,
  type DesignRefusal,
  discardDraft,
  publishDraft,
  setTwoPeople,
} from './designing/drafts.ts';
export { type StartingPoint, startingPoints } from './designing/starting-points.ts';
export {
  countLanguages,
  findStrategy,
  listStrategies,
  listVersions,
  type StrategyRow,
  type VersionRow,
} from './designing/strategies.sql.ts';
export {
  assignedInWords,
  type Change,
  changesBetween,
  reactionInWords,
  stagesInWords,
  stepInWords,
  strategyInWords,
} from './designing/strategy-in-words.ts';
/** Dry runs that are kept for a while. */
export { keepRehearsal, readRehearsed, type Rehearsed } from './rehearsing/rehearse-run.ts';
export {
  findRehearsal,
  listRehearsalRows,
  listRehearsals,
  type Rehearsal,
  type RehearsalGroup,
  type ShownRow,
} from './rehearsing/rehearsal.sql.ts';
export { findRunHead, listRunDecisions, type RunDecision, type RunHead } from './rehearsing/run-history.sql.ts';
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
export {
  findExperiment,
  findExperiments,
  listExperiments,
  listSteps,
  listStrategyNames,
} from './experiments/experiment.sql.ts';
export { type Measure, measures } from './experiments/outcomes.sql.ts';
export { measureInflow } from './experiments/plan-experiment.ts';
export { readResults, watchExperiments } from './experiments/read-results.ts';
export type { Point, Results } from './experiments/results.ts';
export { type Plan, planSample } from './experiments/sample-size.ts';
/** Trying a strategy on the portfolio before it goes live. */
export {
  type Assumptions,
  type BehaviourTable,
  chanceOf,
  draw,
  drawsOf,
  parseAssumptions,
} from './simulation/assumptions.ts';
export { fitBehaviour } from './simulation/fit-behaviour.sql.ts';
export { type Course, type Difference, firstDifference } from './simulation/course.ts';
export type { DueContact, Gate, GateAnswer, Objection } from './simulation/gate.ts';
export { amountAt, type PortfolioAccount, type PortfolioCluster } from './simulation/portfolio.ts';
export { countPortfolio, streamPortfolio } from './simulation/portfolio.sql.ts';
export { loadSide, type SimulatedSide } from './simulation/sides.ts';
export { readNamedSelection } from './simulation/named-selection.ts';
export { type Scenario, type Teller, walk } from './simulation/walk.ts';
export { type Window, windowOf } from './simulation/window.ts';
export {
  beatSimulation,
  cancelSimulation,
  claimSimulation,
  countOpenSimulations,
  type DifferenceRow,
  endSimulation,
  findSimulation,
  insertDifferences,
  insertSimulation,
  listDifferences,
  listSimulatable,
  listSimulations,
  type SimulationRow,
} from './simulation/simulation.sql.ts';
/** What work is worth, and what a day allows. */
export { type BudgetsRow, findBudgets, listBudgets } from './worth/budgets.sql.ts';
export { changeBudgets } from './worth/change-budgets.ts';
export { changeWeights, explainWorth, loadWeights, loadWorth, type WeightsRefusal } from './worth/change-weights.ts';
export { type Act, acts, defaultWeights, parseWeights, type Weights } from './worth/weights.ts';
export { findWeights, listWeights, type WeightsRow } from './worth/weights.sql.ts';
export { type WorthFacts, type WorthDay, worthOf, worthReasons } from './worth/worth.ts';
export { worthInSql, type WorthInSql } from './worth/worth.sql.ts';
export { listUse } from './run-budgets.sql.ts';
