"""Measures: pure calculations, frames in, frames or quantities out."""
