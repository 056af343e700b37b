-- What is counted still holds the address of a request, which may be somebody's link; from here on it holds a route's template.
UPDATE ledger_denials SET path = '';
