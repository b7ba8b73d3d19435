"""Texts: documents as lines and sentences with their places, and the numbers that they print; knows no ledger."""
