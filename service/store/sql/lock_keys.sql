-- One change of keys at a time, so that versions are committed in their order.
LOCK TABLE api_key IN SHARE ROW EXCLUSIVE MODE
