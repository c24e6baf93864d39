/*
 * Parts of the console that an address may point at. They stand apart from the panels: whoever points at one need not load
 * it.
 */

export const TASK_LIST_ID = "tasks";
