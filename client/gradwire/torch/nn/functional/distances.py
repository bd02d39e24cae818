"""Distances between vectors."""

from gradwire.torch.distances import cosine_similarity, pairwise_distance, pdist

__all__ = ["cosine_similarity", "pairwise_distance", "pdist"]
