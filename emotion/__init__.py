"""Photograph in, six probabilities out. Knows no Django model, no HTTP and no settings."""
