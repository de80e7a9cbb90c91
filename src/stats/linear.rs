//! Owns the little linear algebra that models are fitted with: symmetric, positive matrices.

/// A square matrix, row by row.
pub(super) type Matrix = Vec<Vec<f64>>;

/// A matrix of zeros.
pub(super) fn zeros(n: usize) -> Matrix {
    vec![vec![0.0; n]; n]
}

/// The inverse of a symmetric positive definite matrix, by Cholesky's decomposition; `None` where it is none, or so nearly
/// none that the inverse would be rounding: a pivot below 1e-10 of its diagonal.
pub(super) fn inverse(matrix: &Matrix) -> Option<Matrix> {
    let n = matrix.len();
    let mut lower = zeros(n);
    for row in 0..n {
        for column in 0..=row {
            let dot: f64 = (0..column).map(|at| lower[row][at] * lower[column][at]).sum();
            let rest = matrix[row][column] - dot;
            if row == column {
                let is_positive = 1e-10 * matrix[row][row].abs() < rest;
                if !is_positive {
                    return None;
                }
                lower[row][row] = rest.sqrt();
            } else {
                lower[row][column] = rest / lower[column][column];
            }
        }
    }
    // Row by row, which for a symmetric matrix is column by column.
    let mut inverse = zeros(n);
    for (unit_idx, solved) in inverse.iter_mut().enumerate() {
        for row in 0..n {
            let dot: f64 = (0..row).map(|at| lower[row][at] * solved[at]).sum();
            let unit = if row == unit_idx { 1.0 } else { 0.0 };
            solved[row] = (unit - dot) / lower[row][row];
        }
        for row in (0..n).rev() {
            let dot: f64 = (row + 1..n).map(|at| lower[at][row] * solved[at]).sum();
            solved[row] = (solved[row] - dot) / lower[row][row];
        }
    }
    Some(inverse)
}

/// A matrix times a vector.
pub(super) fn times(matrix: &Matrix, vector: &[f64]) -> Vec<f64> {
    let dot = |row: &Vec<f64>| row.iter().zip(vector).map(|(a, b)| a * b).sum();
    matrix.iter().map(dot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_undoes_its_matrix() {
        let matrix = vec![vec![4.0, 2.0, 0.6], vec![2.0, 5.0, 1.0], vec![0.6, 1.0, 3.0]];
        let inverse = inverse(&matrix).unwrap();
        for (idx, column) in matrix.iter().enumerate() {
            for (row, value) in times(&inverse, column).into_iter().enumerate() {
                let unit = if row == idx { 1.0 } else { 0.0 };
                assert!((value - unit).abs() < 1e-12);
            }
        }
        assert_eq!(super::inverse(&vec![vec![1.0, 1.0], vec![1.0, 1.0]]), None);
    }
}
