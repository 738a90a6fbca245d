-- depends: 0042-api-keys
-- For how long a key is made, for its successor to be made for as long; expires_at comes nearer when it is rotated.

ALTER TABLE api_keys ADD COLUMN days int;

UPDATE api_keys SET days = greatest(1, round(extract(epoch FROM expires_at - created_at) / 86400))
WHERE expires_at IS NOT NULL;
