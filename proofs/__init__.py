"""Long proofs: load, faults and fuzzes that the test suite has only a version of seconds of."""
