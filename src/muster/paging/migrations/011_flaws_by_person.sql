-- A flaw about somebody who cannot be reached is known by their name, and no longer by the sentence that says why.
UPDATE chain_flaws
SET about = split_part(about, ' ', 1), key = policy || '/departed/' || split_part(about, ' ', 1)
WHERE weakness = 'departed';
