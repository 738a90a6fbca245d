-- depends: 0082-refused-origins
-- Which database the rows were last used in. A dump that is restored comes to another one.

CREATE TABLE database_identity (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  identity text NOT NULL
);
INSERT INTO database_identity (identity)
SELECT (SELECT system_identifier FROM pg_control_system()) || ' '
  || (SELECT oid FROM pg_database WHERE datname = current_database());
