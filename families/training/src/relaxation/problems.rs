//! Matrices and right-hand sides of the experiments, and random ones for tests.
//!
//! Five-point Laplacians on the interior of a square or of an L (three of its four quarters),
//! unknowns row by row; right-hand sides are standard normal, drawn again until their norm is at
//! most `sqrt(n)`; shifts are `-0.15 + 0.6 Beta(a, b)`. O(entries).
//!
//! Differences from the published scripts: MATLAB numbers a grid by columns, which is the same for
//! these shapes up to a reflection.
//!
//! **Source:** Khodak, Chow, Balcan, Talwalkar 2024, section 5 and their published scripts.

use super::error::RelaxationError;
use super::operator::norm;
use super::sparse::SparseMatrix;
use ordine_base::Stream;
use ordine_budget::learners::{ContextRange, beta, standard_normal};
use sprs::TriMat;

/// Distribution of the shift c in `A + c I`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shifts {
    /// `-0.15 + 0.6 Beta(0.5, 1.5)`.
    HighVariance,
    /// `-0.15 + 0.6 Beta(2, 6)`.
    LowVariance,
}

impl Shifts {
    /// Draws one.
    pub fn draw(self, stream: &mut Stream) -> f64 {
        let (a, b) = match self {
            Shifts::HighVariance => (0.5, 1.5),
            Shifts::LowVariance => (2.0, 6.0),
        };
        -0.15 + 0.6 * beta(a, b, stream)
    }

    /// The range that the learners are told; wider than the draws, as published.
    pub fn range() -> ContextRange {
        ContextRange { low: -0.15, high: 0.65 }
    }
}

/// A standard normal vector of norm at most `sqrt(size)`.
pub fn truncated_normal(size: usize, stream: &mut Stream) -> Vec<f64> {
    loop {
        let vector: Vec<f64> = (0..size).map(|_| standard_normal(stream)).collect();
        if norm(&vector) <= (size as f64).sqrt() {
            return vector;
        }
    }
}

/// Shape of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// All of the square.
    Square,
    /// The square without one quarter.
    Ell,
}

/// The five-point Laplacian (4 and -1) on the points inside a region of `side x side` points.
///
/// # Errors
/// When no point is inside.
pub fn region_laplacian(region: Region, side: usize) -> Result<SparseMatrix, RelaxationError> {
    let half = side / 2;
    let inside = |row: usize, column: usize| match region {
        Region::Square => true,
        Region::Ell => row < half || column < half,
    };
    let mut size = 0;
    let mut number = |place: usize| {
        let here = inside(place / side, place % side).then_some(size);
        size += usize::from(here.is_some());
        here
    };
    let numbers: Vec<Option<usize>> = (0..side * side).map(&mut number).collect();
    let mut triplets = TriMat::new((size, size));
    for (place, here) in numbers.iter().enumerate() {
        let &Some(here) = here else { continue };
        triplets.add_triplet(here, here, 4.0);
        let is_last = (place + 1).is_multiple_of(side);
        let right = (!is_last).then_some(place + 1);
        let below = (place + side < side * side).then_some(place + side);
        for other in right.into_iter().chain(below).filter_map(|other| numbers[other]) {
            triplets.add_triplet(here, other, -1.0);
            triplets.add_triplet(other, here, -1.0);
        }
    }
    SparseMatrix::new(&triplets.to_csr())
}

/// A random symmetric matrix, strictly dominated by its diagonal: about `per_row` entries beside
/// it.
///
/// # Errors
/// When `size` is zero.
pub fn random_dominant(
    size: usize,
    per_row: usize,
    stream: &mut Stream,
) -> Result<SparseMatrix, RelaxationError> {
    if size == 0 {
        return Err(RelaxationError::Empty);
    }
    let mut triplets = TriMat::new((size, size));
    let mut sums = vec![0.0; size];
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..size * per_row / 2 {
        let (row, column) = (stream.below(size), stream.below(size));
        let pair = (row.min(column), row.max(column));
        if row == column || !seen.insert(pair) {
            continue;
        }
        let value = standard_normal(stream);
        triplets.add_triplet(row, column, value);
        triplets.add_triplet(column, row, value);
        sums[row] += value.abs();
        sums[column] += value.abs();
    }
    for (row, sum) in sums.iter().enumerate() {
        triplets.add_triplet(row, row, 1.02 * sum + 0.1 + stream.unit());
    }
    SparseMatrix::new(&triplets.to_csr())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relaxation::Operator;
    use crate::relaxation::Stencil;
    use ordine_base::Seed;

    #[test]
    fn regions_have_the_points_of_their_shapes() {
        let square = region_laplacian(Region::Square, 10).expect("points");
        assert_eq!(square, Stencil::laplacian(10).expect("points").to_sparse());
        let ell = region_laplacian(Region::Ell, 10).expect("points");
        assert_eq!(ell.size(), 75);
        assert_eq!(ell.entries(), 75 + 2 * 130);
        assert_eq!(region_laplacian(Region::Ell, 0), Err(RelaxationError::Empty));
    }

    #[test]
    fn right_hand_sides_are_truncated_and_shifts_in_range() {
        let mut stream = Seed::new(1).stream("draws");
        for _ in 0..200 {
            assert!(norm(&truncated_normal(100, &mut stream)) <= 10.0);
            for shifts in [Shifts::HighVariance, Shifts::LowVariance] {
                assert!((-0.15..=0.45).contains(&shifts.draw(&mut stream)));
            }
        }
    }
}
