"""Runs: notebooks executed with parameters, and what they leave behind."""
