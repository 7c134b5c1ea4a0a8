-- The collection of format-1.sql as programs of format 3 left it: with the checksums of its words
-- and tables for copies.
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL, crc INTEGER NOT NULL) STRICT;
CREATE TABLE article(
    id TEXT PRIMARY KEY, origin TEXT NOT NULL UNIQUE, title TEXT NOT NULL, text TEXT NOT NULL,
    source TEXT, url TEXT, authors TEXT NOT NULL, published TEXT, modified TEXT,
    fetched TEXT NOT NULL, language TEXT, sha256 TEXT NOT NULL, file_sha256 TEXT NOT NULL,
    passages INTEGER NOT NULL, crc INTEGER NOT NULL
) STRICT;
CREATE TABLE passage(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL REFERENCES article(id),
    sentences TEXT NOT NULL, input_sha256 TEXT NOT NULL, vector BLOB NOT NULL,
    crc INTEGER NOT NULL
) STRICT;
CREATE INDEX passage_article ON passage(article_id);
CREATE VIRTUAL TABLE term USING fts5(
    title, text, content='', contentless_delete=1,
    tokenize='porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE term_row USING fts5vocab('term', 'row');
CREATE INDEX article_file ON article(file_sha256);
CREATE TABLE staged(
    id INTEGER PRIMARY KEY, article_id TEXT NOT NULL REFERENCES article(id),
    sentences TEXT NOT NULL, input_sha256 TEXT NOT NULL, vector BLOB NOT NULL,
    crc INTEGER NOT NULL
) STRICT;
CREATE INDEX staged_article ON staged(article_id);
CREATE TABLE copy(
    origin TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES article(id),
    file_sha256 TEXT NOT NULL, crc INTEGER NOT NULL
) STRICT;
CREATE INDEX copy_article ON copy(article_id);
CREATE INDEX copy_file ON copy(file_sha256);
CREATE INDEX article_text ON article(sha256);
CREATE TABLE sketch(
    id INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE REFERENCES article(id),
    keys BLOB NOT NULL, crc INTEGER NOT NULL
) STRICT;
CREATE TABLE band(
    key INTEGER NOT NULL, sketch INTEGER NOT NULL, PRIMARY KEY(key, sketch)
) STRICT, WITHOUT ROWID;
CREATE TABLE alike(
    one TEXT NOT NULL, other TEXT NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY(one, other)
) STRICT;
CREATE INDEX alike_other ON alike(other);
INSERT INTO meta VALUES ('generation', '{"file": "dense-00000006.faiss", "last": 3, "count": 3, "size": 210, "sha256": "0d9bfe72a6d2d92b6f05116ce471eecdbfeeef4aac51d75651f53346515344ec"}', 4280347309);
INSERT INTO meta VALUES ('embedder', 'words-8', 2879154867);
INSERT INTO meta VALUES ('change', '7', 1111982489);
INSERT INTO meta VALUES ('format', '3', 867520234);
INSERT INTO meta VALUES ('needs', '0.2.0', 2393278689);
INSERT INTO meta VALUES ('words', '[7, 2279830736]', 4252350759);
INSERT INTO article VALUES ('6146bd4c691aaa1b', '/articles/lamp.txt', 'The lamp', 'The lamp on the pier was lit in 1911. Nobody remembers by whom.

It still burns.', 'Harbour News', NULL, '["A. Writer"]', '2024-05-03', NULL, '2026-01-02T00:00:00+00:00', 'en', 'e7466bd4d8c143fe17df8b46fb457caa2ae63fb182b92b7014602724f17843c2', '', 1, 1545142174);
INSERT INTO article VALUES ('09e36942d87c2ab3', '/articles/well.md', 'The well', 'The well of the upper village ran dry in August. “Never before,” said its keeper.', NULL, NULL, '[]', NULL, NULL, '2026-01-02T00:00:00+00:00', NULL, 'f0cc3940ac1453dbc0c2fed95415772a1a76f27c10f55914a24b830e2af5a05e', '', 1, 3688559995);
INSERT INTO passage VALUES (1, '6146bd4c691aaa1b', '[[0, 37], [38, 63], [65, 80]]', 'b30a51325cdf46a51a5edd9d8a0cd5058b2caafebd7b72a1fdf649d050865bb3', x'f05bf13d00000000f05bf13df05b713ef05b713ef05b713e7230533ff404b53e', 4031631607);
INSERT INTO passage VALUES (2, '09e36942d87c2ab3', '[[0, 48], [49, 81]]', '744dd8e41862fe41b79affd47f22120859c0b4e67d93342da616d047c894f508', x'036be63d036be63d42d02c3f00000000036b663e036be63d42d02c3f00000000', 939038567);
UPDATE sqlite_sequence SET seq = 3 WHERE name = 'passage';
INSERT INTO term(rowid, title, text) VALUES (1, 'The lamp', 'The lamp on the pier was lit in 1911. Nobody remembers by whom.

It still burns.');
INSERT INTO term(rowid, title, text) VALUES (2, 'The well', 'The well of the upper village ran dry in August. "Never before," said its keeper.');
