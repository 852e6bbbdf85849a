"""Training, evaluation and export. Imports no Django: a machine with a GPU may have none."""
