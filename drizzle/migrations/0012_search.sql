-- What a search compares: the words of a text, as whoever searches may have typed them. Small letters without accents, each
-- script's own ("Café", also where the accent is a character of its own, is cafe; "Straße" strasse; "İ" i), apart at
-- whatever is neither letter nor digit ("RTX-4090" is rtx and 4090), but for the point or comma within a number. Where a
-- script puts no spaces between words (Chinese, Japanese), each character is a word, as each pictograph is.
--
-- It does the same on every server: no dictionary, no extension, and of the locale only what is a capital letter. Products
-- keep what it said of them, so that a change of it has to be a migration that computes them anew.
create function search_words(p_text text)
returns text[]
language plpgsql
immutable
strict
parallel safe
-- In the session of whoever writes a product a backslash may begin an escape.
set standard_conforming_strings to on
as $$
declare
  -- Without accents, and without what is not seen and parts no words: soft hyphens, joiners, spaces of no width.
  plain text := lower(regexp_replace(normalize(p_text, nfkd), '[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]', '', 'g'));
begin
  -- Letters that Unicode does not take apart, and the sigma that ends a word.
  plain := replace(replace(replace(translate(plain, 'ıøđłħŧðς', 'iodlhtdσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe');
  plain := regexp_replace(
    normalize(plain, nfc),
    '([\u2600-\u27bf\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U0001f000-\U0001faff\U00020000-\U0003ffff])',
    ' \1 ',
    'g'
  );
  plain := regexp_replace(plain, '([0-9]),(?=[0-9])', '\1.', 'g');
  plain := regexp_replace(plain, '(?<![0-9])[.]|[.](?![0-9])', ' ', 'g');
  return array(
    -- No index takes words of any length, and nobody types so many letters.
    select left(word, 64)
    from regexp_split_to_table(
      plain,
      '[\u0001-\u002d\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u02b0-\u02ff\u2000-\u25ff\u2800-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u303f\ufe00-\ufe0f]+'
    ) with ordinality as parts (word, place)
    where word <> ''
    group by left(word, 64)
    order by min(place)
  );
end
$$;
--> statement-breakpoint
drop index products_by_word;
--> statement-breakpoint
-- What is joined by a hyphen or an apostrophe is found in one word too: "T-Shirt" by "tshirt", "L'Oréal" by "loreal".
alter table products
  add column words tsvector not null generated always as (
    array_to_tsvector(
      search_words(
        name || ' ' || description || ' ' || regexp_replace(name || ' ' || description, '[-''’ʼ‐‑]', '', 'g')
      )
    )
  ) stored;
--> statement-breakpoint
-- Nothing is kept aside to be put in later: a search would have to go through that.
create index products_by_word on products using gin (words) with (fastupdate = off);
