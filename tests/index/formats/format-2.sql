-- A collection as the first programs of format 2 left it: three articles, of which two are copies.
-- Its vectors were made by tests.doubles.WordEmbedder(dimensions=8).
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

CREATE INDEX article_file ON article(file_sha256);
CREATE TABLE staged(
    id INTEGER PRIMARY KEY, article_id TEXT NOT NULL REFERENCES article(id),
    sentences TEXT NOT NULL, input_sha256 TEXT NOT NULL, vector BLOB NOT NULL,
    crc INTEGER NOT NULL
) STRICT;
CREATE INDEX staged_article ON staged(article_id);

CREATE VIRTUAL TABLE term USING fts5(
    title, text, content='', contentless_delete=1,
    tokenize='porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE term_row USING fts5vocab('term', 'row');

INSERT INTO meta VALUES ('format', '2', 1152548476);
INSERT INTO meta VALUES ('needs', '0.2.0', 2393278689);
INSERT INTO meta VALUES ('embedder', 'words-8', 2879154867);
INSERT INTO meta VALUES ('facts', '2420943721', 1563927035);
INSERT INTO meta VALUES ('change', '6', 893432079);
INSERT INTO article VALUES ('a24ab4968684bfc1', '/articles/ferry.txt', 'Ferry stops for the winter', 'The ferry to Brandvik will stop in November for the first winter since 1974. The company says that the pier needs new posts and that the work takes four months. Mayor Ingrid Solheim called the news a blow for the island, where 310 people live all year. Schoolchildren will cross by the post boat from Hamnes, which holds twelve. The shop in Brandvik has ordered flour and lamp oil for the whole season. The company promises to sail again on 3 March. Fishermen offered to carry the sick free of charge, as their fathers did in the winter of 1962, when the sound froze.', 'Harbour News', NULL, '[]', '2024-10-02', NULL, '2026-01-02T00:00:00+00:00', 'en', '6274da72c75e3b3aec820aff4e4811bd2fe4515a9f4d70a82d227af3b2540131', '', 1, 3180351503);
INSERT INTO article VALUES ('09e36942d87c2ab3', '/articles/well.md', 'The well', 'The well of the upper village ran dry in August. “Never before,” said its keeper.', NULL, NULL, '[]', NULL, NULL, '2026-01-02T00:00:00+00:00', NULL, 'f0cc3940ac1453dbc0c2fed95415772a1a76f27c10f55914a24b830e2af5a05e', '', 1, 3688559995);
INSERT INTO article VALUES ('b39ed83080f7825e', '/articles/island.txt', 'Island cut off until March', 'The ferry to Brandvik will stop in November for the first winter since 1974. The company told this paper that the pier needs new posts and that the work takes four months. Mayor Ingrid Solheim called the news a hard blow for the island, where 310 people live all year. Schoolchildren will cross by the post boat from Hamnes, which holds twelve. The shop in Brandvik has ordered flour and lamp oil for the whole season. The company promises to sail again on 3 March. Fishermen offered to carry the sick free of charge, in the winter of 1962, when the sound froze.', 'Town Post', NULL, '[]', '2024-10-03', NULL, '2026-01-02T00:00:00+00:00', 'en', 'aad0e9d85f81f68c14cdb033c5bff8d1389ae94b80958eec13a8611609be469d', '', 1, 4148557411);
INSERT INTO passage VALUES (1, 'a24ab4968684bfc1', '[[0, 76], [77, 160], [161, 252], [253, 328], [329, 402], [403, 449], [450, 567]]', '0e10d8599208ade3a3761e770aff6ae971aabbe337e152461aa2e1715a82538f', x'b03aa43ec9b03b3e8a09813efc9cea3dbdf5af3e97c48c3e43d3353fa47f983e', 583216735);
INSERT INTO passage VALUES (2, '09e36942d87c2ab3', '[[0, 48], [49, 81]]', '744dd8e41862fe41b79affd47f22120859c0b4e67d93342da616d047c894f508', x'036be63d036be63d42d02c3f00000000036b663e036be63d42d02c3f00000000', 939038567);
INSERT INTO passage VALUES (3, 'b39ed83080f7825e', '[[0, 76], [77, 171], [172, 268], [269, 344], [345, 418], [419, 465], [466, 562]]', '1656d0428d86c9e1e35a47a58ea87bb77d985861acd6d1b1c7605c2060bbe4c4', x'20a08d3ed03a253e786d993ee00aec3d786d993e786d993ed4ee363fd03aa53e', 62470713);
UPDATE sqlite_sequence SET seq = (SELECT max(id) FROM passage) WHERE name = 'passage';
INSERT INTO term(rowid, title, text) VALUES (1, 'Ferry stops for the winter', 'The ferry to Brandvik will stop in November for the first winter since 1974. The company says that the pier needs new posts and that the work takes four months. Mayor Ingrid Solheim called the news a blow for the island, where 310 people live all year. Schoolchildren will cross by the post boat from Hamnes, which holds twelve. The shop in Brandvik has ordered flour and lamp oil for the whole season. The company promises to sail again on 3 March. Fishermen offered to carry the sick free of charge, as their fathers did in the winter of 1962, when the sound froze.');
INSERT INTO term(rowid, title, text) VALUES (2, 'The well', 'The well of the upper village ran dry in August. "Never before," said its keeper.');
INSERT INTO term(rowid, title, text) VALUES (3, 'Island cut off until March', 'The ferry to Brandvik will stop in November for the first winter since 1974. The company told this paper that the pier needs new posts and that the work takes four months. Mayor Ingrid Solheim called the news a hard blow for the island, where 310 people live all year. Schoolchildren will cross by the post boat from Hamnes, which holds twelve. The shop in Brandvik has ordered flour and lamp oil for the whole season. The company promises to sail again on 3 March. Fishermen offered to carry the sick free of charge, in the winter of 1962, when the sound froze.');
