export { addNote } from './add-note.ts';
export { type NewCall, recordCall } from './call.sql.ts';
/** What each outcome of a call leads to, as data. */
export { callEffects, type CallOutcome, callOutcomes, type OutcomeEffects } from './call-outcomes.ts';
export { createTasksFromPlans, rerankTasks, taskTallies, voidDeadTasks } from './create-tasks.sql.ts';
export { nextTask, type NextTask } from './next-task.ts';
export { findBestPhone, findBestPhones, findPhone, type Phone } from './phones.sql.ts';
export { priorityOf, priorityReasons, type Task, type TaskKind, type TaskQueue, type TaskState } from './task.ts';
export { findTask, followOwners, listLiveTasks } from './tasks.sql.ts';
export { completeTask, createTask, listTasks, reopenTask, type TaskInput, type TaskPage } from './work-tasks.ts';
