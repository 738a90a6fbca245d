-- depends: 0175-owner-budget
-- A chunk of 384 dimensions is kept in one piece (two to a page): a search that fetches its words from elsewhere takes
-- twice as long. What is stored already is moved as it is indexed anew.

ALTER TABLE chunks_00 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_01 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_02 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_03 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_04 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_05 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_06 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_07 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_08 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_09 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_10 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_11 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_12 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_13 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_14 SET (toast_tuple_target = 4080);
ALTER TABLE chunks_15 SET (toast_tuple_target = 4080);
