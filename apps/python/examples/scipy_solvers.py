"""Choose the next parameter of a solver of SciPy while a sequence of systems is solved.

The systems are a five-point Laplacian with a shift that changes from one to the next and is known
beforehand: the context. SciPy's conjugate gradients get an SSOR preconditioner, whose relaxation
parameter the learner chooses; the cost is the number of iterations. Needs SciPy.
"""

import sys

import numpy as np
from scipy.sparse import csr_array, diags_array, eye_array, kron, tril
from scipy.sparse.linalg import LinearOperator, cg, spsolve_triangular

from ordine.relax import Chooser

SIDE = 12
CAP = 500
OMEGAS = [1 + 0.1 * it for it in range(10)]


def laplacian(side):
    """The five-point stencil on a square, as a sparse matrix."""
    beside, own = -np.ones(side - 1), np.full(side, 2.0)
    line = diags_array([beside, own, beside], offsets=[-1, 0, 1])
    return csr_array(kron(line, eye_array(side)) + kron(eye_array(side), line))


def preconditioner(matrix, omega):
    """SSOR: one solve with the lower triangle, one with the upper."""
    diagonal = matrix.diagonal()
    lower = csr_array(tril(matrix, -1) * omega + diags_array([diagonal], offsets=[0]))
    upper = csr_array(lower.T)
    scale = omega * (2 - omega)

    def apply(vector):
        first = spsolve_triangular(lower, vector.ravel(), lower=True)
        return scale * spsolve_triangular(upper, diagonal * first, lower=False)

    return LinearOperator(matrix.shape, matvec=apply)


def iterations(matrix, right, omega):
    """Iterations of SciPy's solver, or None when it stopped at the cap."""
    count = 0

    def counted(_):
        nonlocal count
        count += 1

    _, info = cg(
        matrix, right, rtol=1e-8, maxiter=CAP, M=preconditioner(matrix, omega), callback=counted
    )
    return None if info > 0 else count


def compare(systems, seed=1):
    """Mean iterations with a learned parameter, and with the worst fixed one."""
    stream = np.random.default_rng(seed)
    base = laplacian(SIDE)
    chooser = Chooser(OMEGAS, "cheb-cb", low=0.0, high=4.0, cap=CAP, seed=seed)
    learned, worst = 0, 0
    for _ in range(systems):
        shift = 4 * stream.beta(0.5, 1.5)
        matrix = csr_array(base + shift * eye_array(SIDE * SIDE))
        right = stream.standard_normal(SIDE * SIDE)
        omega = chooser.suggest(shift)
        cost = iterations(matrix, right, omega)
        if cost is None:
            chooser.observe(capped=True)
        else:
            chooser.observe(cost)
        learned += cost or CAP
        worst += iterations(matrix, right, OMEGAS[-1]) or CAP
    return learned / systems, worst / systems


if __name__ == "__main__":
    learned, worst = compare(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
    print(f"mean iterations: {learned:.1f} with a learned parameter, {worst:.1f} with {OMEGAS[-1]}")
