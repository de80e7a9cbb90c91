//! Owns the special functions that the distributions are built from. Accurate to about 1e-13 relative.

use std::f64::consts::PI;

/// What Stirling's formula misses of ln Γ: `ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π]`, for x > 0.
///
/// The asymptotic series (Abramowitz & Stegun 6.1.41) from x = 10, and the recurrence of Γ below it.
pub(super) fn stirling_error(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 8] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
        -3617.0 / 122_400.0,
    ];
    let mut shifted = x;
    let mut sum = 0.0;
    while shifted < 10.0 {
        sum += (shifted + 0.5) * (1.0 / shifted).ln_1p() - 1.0;
        shifted += 1.0;
    }
    let inverse_square = 1.0 / (shifted * shifted);
    let series = COEFFICIENTS.iter().rev().fold(0.0, |acc, c| acc * inverse_square + c);
    sum + series / shifted
}

/// `x ln(x / mean) + mean − x`, without cancellation when the two are close (Loader 2000).
fn deviance(x: f64, mean: f64) -> f64 {
    let gap = x - mean;
    if gap.abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() - gap;
    }
    let v = gap / (x + mean);
    let v_square = v * v;
    let mut sum = gap * v;
    let mut term = 2.0 * x * v;
    let mut odd = 3.0;
    loop {
        term *= v_square;
        let next = sum + term / odd;
        if next.to_bits() == sum.to_bits() {
            return next;
        }
        sum = next;
        odd += 2.0;
    }
}

/// The binomial density for real `k` in 0..=n: `Γ(n+1) / (Γ(k+1) Γ(n−k+1)) · p^k · q^(n−k)` with q = 1 − p.
///
/// Saddle-point form of Loader (2000), "Fast and Accurate Computation of Binomial Probabilities": no large
/// logarithms are subtracted from each other, so it stays exact for n in the millions.
pub(super) fn binomial_density(k: f64, n: f64, p: f64, q: f64) -> f64 {
    if k <= 0.0 {
        return (n * if p < 0.5 { (-p).ln_1p() } else { q.ln() }).exp();
    }
    if k >= n {
        return (n * if q < 0.5 { (-q).ln_1p() } else { p.ln() }).exp();
    }
    if p <= 0.0 || q <= 0.0 {
        return 0.0;
    }
    let rest = n - k;
    let log = stirling_error(n)
        - stirling_error(k)
        - stirling_error(rest)
        - deviance(k, n * p)
        - deviance(rest, n * q);
    log.exp() * (n / (2.0 * PI * k * rest)).sqrt()
}

/// Both tails of the Beta(a, b) distribution at x, each with full relative accuracy: `(I_x(a,b), 1 − I_x(a,b))`.
///
/// Continued fraction DLMF 8.17.22, on the side of the mean where it converges fast.
pub(super) fn beta_tails(x: f64, a: f64, b: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x >= 1.0 {
        return (1.0, 0.0);
    }
    let y = 1.0 - x;
    let kernel = beta_kernel(x, y, a, b);
    if x < (a + 1.0) / (a + b + 2.0) {
        let lower = kernel * beta_fraction(x, a, b) / a;
        (lower, 1.0 - lower)
    } else {
        let upper = kernel * beta_fraction(y, b, a) / b;
        (1.0 - upper, upper)
    }
}

/// `x^a · y^b / B(a, b)` with y = 1 − x.
fn beta_kernel(x: f64, y: f64, a: f64, b: f64) -> f64 {
    binomial_density(a, a + b, x, y) * (a * b / (a + b))
}

/// The continued fraction of the incomplete beta function, by the modified Lentz method.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    const MAX_STEPS: u32 = 100_000;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut upper = 1.0;
    let mut lower = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = lower;
    for step in 1..MAX_STEPS {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        lower = 1.0 / away_from_zero(1.0 + even * lower);
        upper = away_from_zero(1.0 + even / upper);
        fraction *= lower * upper;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        lower = 1.0 / away_from_zero(1.0 + odd * lower);
        upper = away_from_zero(1.0 + odd / upper);
        let change = lower * upper;
        fraction *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction
}

/// The x at which the lower tail of Beta(a, b) is `probability` (0 < probability < 1).
///
/// Newton's method, held within a bracket that bisection narrows.
pub(super) fn beta_quantile(probability: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    let mut x = a / (a + b);
    for _ in 0..200 {
        let (lower, upper) = beta_tails(x, a, b);
        // The smaller tail carries the accuracy.
        let excess =
            if probability < 0.5 { lower - probability } else { (1.0 - probability) - upper };
        if excess > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let density = beta_kernel(x, 1.0 - x, a, b) / (x * (1.0 - x));
        let newton = x - excess / density;
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        if (next - x).abs() <= 1e-16 * x {
            return next;
        }
        x = next;
    }
    x
}

/// The complementary error function, for x ≥ 0.
///
/// Below 2 the series of positive terms DLMF 7.6.2, above it the continued fraction DLMF 7.9.3.
pub(super) fn erfc(x: f64) -> f64 {
    let x_square = x * x;
    let bell = (-x_square).exp() / PI.sqrt();
    if x < 2.0 {
        let mut term = 2.0 * x;
        let mut sum = term;
        let mut odd = 3.0;
        while term > 1e-17 * sum {
            term *= 2.0 * x_square / odd;
            sum += term;
            odd += 2.0;
        }
        return 1.0 - bell * sum;
    }
    // x + (1/2)/(x + 1/(x + (3/2)/(x + …))), from a depth that suffices at 2 and beyond.
    let depth = 120;
    let fraction = (1..=depth).rev().fold(x, |tail, n| x + 0.5 * f64::from(n) / tail);
    bell / fraction
}

/// The upper tail of the Gamma(a, 1) distribution at x: Q(a, x), for a > 0 and x ≥ 0.
///
/// The series DLMF 8.7.1 below a + 1 and the continued fraction DLMF 8.9.2 above it, each where it converges fast.
pub(super) fn gamma_upper(a: f64, x: f64) -> f64 {
    const MAX_STEPS: u32 = 100_000;
    if x <= 0.0 {
        return 1.0;
    }
    // x^a e^−x / Γ(a + 1), by the saddle-point form: Γ(a + 1) = a^a e^−a √(2πa) e^stirling_error(a).
    let kernel = (-deviance(a, x) - stirling_error(a)).exp() / (2.0 * PI * a).sqrt();
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0, 1.0);
        for step in 1..MAX_STEPS {
            term *= x / (a + f64::from(step));
            sum += term;
            if term < 1e-17 * sum {
                break;
            }
        }
        return 1.0 - kernel * sum;
    }
    // 1/(x + 1 − a − 1(1 − a)/(x + 3 − a − …)), by the modified Lentz method.
    let mut even = x + 1.0 - a;
    let mut upper = 1e300;
    let mut lower = 1.0 / even;
    let mut fraction = lower;
    for step in 1..MAX_STEPS {
        let n = f64::from(step);
        let numerator = -n * (n - a);
        even += 2.0;
        lower = 1.0 / (numerator * lower + even);
        upper = even + numerator / upper;
        let change = lower * upper;
        fraction *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    kernel * a * fraction
}
