-- The words of a product are computed in the session of whoever writes it. Where that reads a backslash in a text as the
-- beginning of an escape, the patterns in here meant something else, and the product was not found by its words.
alter function search_words(text) set standard_conforming_strings to on;
