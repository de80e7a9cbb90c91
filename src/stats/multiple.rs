//! Owns the adjustment of p-values when several comparisons are made at once. Input order is kept.

/// Holm's step-down adjustment (1979): bounds the chance of any false finding. Multiply the smallest p by m, the
/// next by m − 1, and so on, never letting an adjusted p fall below the one before it, at most 1.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut floor = 0.0_f64;
    for (rank, idx) in ascending(p_values).into_iter().enumerate() {
        let factor = (p_values.len() - rank) as f64;
        floor = floor.max((p_values[idx] * factor).min(1.0));
        adjusted[idx] = floor;
    }
    adjusted
}

/// The step-up adjustment of Benjamini & Hochberg (1995): bounds the expected share of false findings.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut ceiling = 1.0_f64;
    for (rank, idx) in ascending(p_values).into_iter().enumerate().rev() {
        let factor = p_values.len() as f64 / (rank + 1) as f64;
        ceiling = ceiling.min(p_values[idx] * factor);
        adjusted[idx] = ceiling;
    }
    adjusted
}

/// Indices by ascending p; equal ones in input order.
fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut idxs: Vec<usize> = (0..p_values.len()).collect();
    idxs.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    idxs
}
