-- depends: 0081-incarnation
-- Origins whose pages were refused lately, so that the owner of a site that moved learns of it.

CREATE TABLE refused_origins (
  site_id text NOT NULL REFERENCES sites ON DELETE CASCADE,
  origin text NOT NULL,
  last_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (site_id, origin)
);
