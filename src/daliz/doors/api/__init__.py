"""The API: declarations in, status and requests out, findings of officers' systems; under /api/v1/."""
