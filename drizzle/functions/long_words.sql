-- The words of a text of two letters or more. A character that is a word by itself takes three bytes at least.
create or replace function long_words(p_text text)
returns text[]
language plpgsql
immutable
strict
set search_path from current
as $$
begin
  return array(
    select word
    from unnest(search_words(p_text)) with ordinality as parts (word, place)
    where char_length(word) > 1 or octet_length(word) > 2
    order by place
  );
end
$$;
