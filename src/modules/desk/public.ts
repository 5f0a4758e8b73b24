export { addNote } from './add-note.ts';
export { type NewCall, recordCall } from './call.sql.ts';
/** What each outcome of a call leads to, as data. */
export { callEffects, type CallOutcome, callOutcomes, type OutcomeEffects } from './call-outcomes.ts';
export {
  createTasksFromPlans,
  rankTasks,
  taskTallies,
  voidDeadTasks,
  voidStoppedTasks,
  wakeTasks,
} from './create-tasks.sql.ts';
export { nextTask, type NextTask } from './next-task.ts';
export { findBestPhone, findBestPhones, findPhone, type Phone } from './phones.sql.ts';
export { previewRanking, type Ranked } from './preview-ranking.sql.ts';
export { type Ranking, type Task, type TaskKind, type TaskQueue, type TaskState } from './task.ts';
export { findTask, followOwners, listLiveTasks } from './tasks.sql.ts';
export { completeTask, createTask, listTasks, reopenTask, type TaskInput, type TaskPage } from './work-tasks.ts';
