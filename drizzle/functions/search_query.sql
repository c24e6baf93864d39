-- What a search asks for: products that hold all its words, or words that begin with them; null where it names none. It
-- takes the first six different words of two letters or more, and leaves out the rest: each further one is more work for
-- the database than help to a person. What is joined in the search may be apart in the product, and the other way round
-- ("Wi-Fi" finds "Wifi").
create or replace function search_query(p_search text)
returns tsquery
language plpgsql
immutable
strict
set search_path from current
as $$
declare
  words_left integer := 6;
  typed text;
  apart text[];
  joined text[];
  term tsquery;
  terms tsquery[] := '{}';
  found tsquery;
begin
  foreach typed in array regexp_split_to_array(p_search, '\s+') loop
    apart := (long_words(typed))[:words_left];
    joined := nullif((long_words(regexp_replace(typed, '[-''’ʼ‐‑]', '', 'g')))[:words_left], apart);
    term := coalesce(search_all(apart) || search_all(joined), search_all(apart), search_all(joined));
    continue when term is null or term = any (terms);
    terms := terms || term;
    found := coalesce(found && term, term);
    words_left := words_left - greatest(cardinality(apart), cardinality(joined));
    exit when words_left <= 0;
  end loop;
  return found;
end
$$;
