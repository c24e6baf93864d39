-- All of some words; null for none. Each finds what begins with it, and as a whole word what it is in the other number by
-- the rules of English: lamps finds lamp, boxes box, batteries battery, shelves shelf, and the other way round (of lamp,
-- lamps is a beginning anyway). In other languages that finds no more than a word which happens to be there.
create or replace function search_all(p_words text[])
returns tsquery
language plpgsql
immutable
strict
set search_path from current
as $$
begin
  return (
    select string_agg('(' || concat_ws(' | ', quote_literal(word) || ':*', other.forms) || ')', ' & ')::tsquery
    from unnest(p_words) as word
    cross join lateral (
      select string_agg(quote_literal(regexp_replace(word, ending, other_ending)), ' | ') as forms
      from (
        values
          ('([^s])s$', '\1'),
          ('(s|x|z|ch|sh|o)es$', '\1'),
          ('([^aeiou])ies$', '\1y'),
          ('([^aeiou])y$', '\1ies'),
          ('(l|r|ea|ie|oa)ves$', '\1f'),
          ('(l|r|ea|ie|oa)f$', '\1ves'),
          ('(li|ni|wi)ves$', '\1fe'),
          ('(li|ni|wi)fe$', '\1ves')
      ) as endings (ending, other_ending)
      where char_length(word) > 2 and word ~ ending
    ) as other
  );
end
$$;
