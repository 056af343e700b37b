-- Old signals go with everything else that has a time to live, once a day.
DELETE FROM work WHERE kind = 'signal.trim';
