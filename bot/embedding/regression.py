"""Multinomial logistic regression, fitted by L-BFGS: the one kind of model that is trained here."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from bot.embedding.counting import Counting


class Rows(NamedTuple):
    """One row a message. Kept apart, because a dense block inside a sparse matrix makes fitting four times as slow."""

    sparse: csr_matrix
    dense: np.ndarray

    def scores(self, weights: np.ndarray) -> np.ndarray:
        """One column a class; `weights` has a line for each sparse and then for each dense feature."""
        split = self.sparse.shape[1]
        return self.sparse @ weights[:split] + self.dense @ weights[split:]


def counted(counting: Counting, found: Sequence[Iterable[str]]) -> csr_matrix:
    """One sparse row a message, of what was found in it."""
    each = [counting.row(one) for one in found]
    ends = np.cumsum([0, *(len(places) for places, _ in each)])
    places = np.concatenate([np.zeros(0, dtype=np.int64), *(places for places, _ in each)])
    values = np.concatenate([np.zeros(0, dtype=np.float32), *(values for _, values in each)])
    return csr_matrix((values, places, ends), shape=(len(found), len(counting.names)))


def likelihoods(scores: np.ndarray) -> np.ndarray:
    """What is likely of each row of scores; every row adds up to 1."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def fit(rows: Rows, codes: np.ndarray, strength: float, balance: float, steps: int) -> np.ndarray:
    """Weights of the multinomial logistic regression: a line a feature, a column a class.

    The last dense feature must always be 1. `strength` is how freely weights may grow (C elsewhere).
    `balance` is how far a class with few examples is made to count as much as the others: 0 not at all, 1 in full.
    `steps` bounds the search: more than 100 of them changed nothing that could be measured.
    """
    counted = np.bincount(codes)
    share = ((codes.size / counted.size / counted) ** balance)[codes].astype(np.float32)
    shape = (rows.sparse.shape[1] + rows.dense.shape[1], counted.size)
    places, turned = np.arange(codes.size), rows.sparse.T.tocsr()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(shape).astype(np.float32)
        scores = rows.scores(weights)
        scores -= scores.max(axis=1, keepdims=True)
        likelihood = np.exp(scores)
        total = likelihood.sum(axis=1, keepdims=True)
        missed = share * (np.log(total[:, 0]) - scores[places, codes])
        likelihood /= total
        likelihood[places, codes] -= 1.0
        likelihood *= share[:, None]
        weights[-1] = 0.0  # what goes with the feature that is always 1 is not held small
        slope = np.vstack([turned @ likelihood, rows.dense.T @ likelihood]) + weights / strength
        held = float((weights * weights).sum()) / (2.0 * strength)
        return float(missed.sum()) + held, slope.ravel().astype(np.float64)

    options = {"maxiter": steps, "gtol": 1e-2}
    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options=options)
    return found.x.reshape(shape).astype(np.float32)
