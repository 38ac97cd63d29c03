"""From release tables to frozen records: read, validate, trace against the release."""
