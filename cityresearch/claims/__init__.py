"""Claims of the documents: the ledger, printed numbers, the rules of agreement, readings and verdicts."""
