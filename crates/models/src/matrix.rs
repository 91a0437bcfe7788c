//! Small symmetric systems.

pub(crate) type Matrix<const N: usize> = [[f64; N]; N];

/// The inverse of a positive definite matrix; `None` when it is not, or nearly not.
pub(crate) fn inverse<const N: usize>(matrix: &Matrix<N>) -> Option<Matrix<N>> {
    let flat: Vec<f64> = matrix.iter().flatten().copied().collect();
    let factor = Factor::of(flat, N)?;
    let mut found = [[0.0; N]; N];
    for i in 0..N {
        let mut unit = vec![0.0; N];
        unit[i] = 1.0;
        factor.solve(&mut unit);
        (0..N).for_each(|j| found[j][i] = unit[j]);
    }
    Some(found)
}

/// Cholesky's factor of a symmetric positive definite matrix, row by row.
pub(crate) struct Factor {
    lower: Vec<f64>,
    size: usize,
}

impl Factor {
    /// `None` where a pivot has lost all but 1e-12 of its diagonal: such a column is a combination of others.
    pub fn of(mut matrix: Vec<f64>, size: usize) -> Option<Self> {
        for i in 0..size {
            for j in 0..=i {
                let before: f64 = (0..j).map(|k| matrix[i * size + k] * matrix[j * size + k]).sum();
                let left = matrix[i * size + j] - before;
                if i == j {
                    if !left.is_finite() || left <= 1e-12 * matrix[i * size + i].abs() || left <= 0.0 {
                        return None;
                    }
                    matrix[i * size + i] = left.sqrt();
                } else {
                    matrix[i * size + j] = left / matrix[j * size + j];
                }
            }
        }
        Some(Self { lower: matrix, size })
    }

    /// Puts the solution in the place of the right side.
    pub fn solve(&self, right: &mut [f64]) {
        let (lower, size) = (&self.lower, self.size);
        for i in 0..size {
            let before: f64 = (0..i).map(|k| lower[i * size + k] * right[k]).sum();
            right[i] = (right[i] - before) / lower[i * size + i];
        }
        for i in (0..size).rev() {
            let after: f64 = (i + 1..size).map(|k| lower[k * size + i] * right[k]).sum();
            right[i] = (right[i] - after) / lower[i * size + i];
        }
    }

    /// Puts the solution of the transposed factor alone in the place of the right side: independent standard normal values
    /// become values whose covariance is the inverse of the matrix.
    pub fn solve_upper(&self, right: &mut [f64]) {
        let (lower, size) = (&self.lower, self.size);
        for i in (0..size).rev() {
            let after: f64 = (i + 1..size).map(|k| lower[k * size + i] * right[k]).sum();
            right[i] = (right[i] - after) / lower[i * size + i];
        }
    }

    /// Element of the inverse on the diagonal.
    pub fn inverse_at(&self, i: usize) -> f64 {
        let mut unit = vec![0.0; self.size];
        unit[i] = 1.0;
        self.solve(&mut unit);
        unit[i]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_times_its_inverse_is_one() {
        let matrix = [[4.0, 1.0, 0.5], [1.0, 3.0, -0.2], [0.5, -0.2, 2.0]];
        let found = inverse(&matrix).unwrap();
        let product = |i: usize, j: usize| matrix[i].iter().zip(&found).map(|(one, row)| one * row[j]).sum::<f64>();
        for (i, j) in [(0, 0), (1, 1), (2, 2)] {
            assert!((product(i, j) - 1.0).abs() < 1e-14);
        }
        for (i, j) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
            assert!(product(i, j).abs() < 1e-14);
        }
    }

    #[test]
    fn what_is_not_positive_definite_has_none() {
        assert!(inverse(&[[1.0, 2.0], [2.0, 1.0]]).is_none());
        assert!(inverse(&[[1.0, 1.0], [1.0, 1.0]]).is_none());
        assert!(inverse(&[[f64::NAN, 0.0], [0.0, 1.0]]).is_none());
    }
}
