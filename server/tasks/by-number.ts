/*
 * Parts of statements that move the tasks that they are given (`given.id`). Their plans are kept, also those that were made
 * while there were few tasks, and every way through them looked equally short. So these leave one way only, the index of
 * numbers: `plans.db.test.ts` holds all statements to it.
 */

/** A list of one. Plain equality could also be had by going through all tasks in the order of their numbers. */
export const IS_GIVEN = "tasks.id = any (array[given.id])";

/**
 * Being processed, as the constraint `tasks_leased_while_processing` has it. Asked for the status itself, PostgreSQL may go
 * through the index of all open tasks instead.
 */
export const IS_LEASED = "tasks.worker is not null";
