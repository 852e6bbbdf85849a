"""Training, evaluation and export. Imports no Django: a machine with a GPU may have none."""

# In a run's folder: the weights of the network as it is served.
SERVED = "served.weights.h5"
