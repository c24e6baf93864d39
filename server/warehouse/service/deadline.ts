/** The shop gives up after five seconds: before that it is better told that nothing has happened. */
export const DEADLINE_MS = 4_000;
