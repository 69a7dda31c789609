"""Read policy texts into a knowledge graph in which every statement leads to its sentence."""
