-- Whoever guesses a password is slowed down, from wherever they come. So that this never shuts the owner out, an account
-- knows the networks that somebody signed in from: digests, the latest first. What lets an account in has them, not its
-- sessions, which end.
alter table accounts add column known_networks text[] not null default '{}';
