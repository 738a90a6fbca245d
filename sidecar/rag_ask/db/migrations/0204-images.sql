-- depends: 0203-tried-questions
-- Images of the site's own media library: [{"heading", "url", "alt", "width", "height"}], shown beside a citation of the
-- section that they stand in.

ALTER TABLE documents ADD COLUMN images jsonb NOT NULL DEFAULT '[]';
