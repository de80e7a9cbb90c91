//! Owns planning: how small a difference a number of questions can show, and how many questions a difference needs.

use super::normal;

/// What a comparison is to achieve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aim {
    /// Two-sided level of significance, such as 0.05.
    pub significance: f64,
    /// The chance to find a difference that is there, such as 0.8.
    pub power: f64,
}

impl Aim {
    /// The usual one: 5 % and 80 %.
    pub const USUAL: Self = Self { significance: 0.05, power: 0.8 };

    /// The same for the most cautious of `n_tests` comparisons (Bonferroni).
    #[must_use]
    pub fn among(self, n_tests: usize) -> Self {
        Self { significance: self.significance / n_tests.max(1) as f64, ..self }
    }

    fn reach(self) -> f64 {
        normal::z_of(1.0 - self.significance) + normal::quantile(self.power)
    }
}

/// The standard deviation of one question's difference between two models: √(ω² + σ₁²/K₁ + σ₂²/K₂) (Miller 2024, arXiv
/// 2411.00640, section 5). `between` is ω², the variance of the questions' true differences; each model is given by its
/// variance between repeats and its number of repeats.
pub fn deviation_of(between: f64, models: [(f64, f64); 2]) -> f64 {
    let within: f64 = models.iter().map(|(variance, n_repeats)| variance / n_repeats).sum();
    (between + within).sqrt()
}

/// The standard deviation of the difference of two yes-or-no results, from the share of questions on which the two
/// differ and the difference: √(discordant − difference²).
pub fn deviation_of_discordance(discordant: f64, difference: f64) -> f64 {
    (discordant - difference * difference).max(0.0).sqrt()
}

/// The smallest true difference that `n` > 0 questions show with the power that is aimed at: `(z_α/2 + z_β) · sd / √n`.
pub fn detectable_difference(deviation: f64, n: f64, aim: Aim) -> f64 {
    aim.reach() * deviation / n.sqrt()
}

/// How many questions it takes to show a true difference other than 0: `((z_α/2 + z_β) · sd / difference)²`. Not
/// rounded.
pub fn questions_needed(deviation: f64, difference: f64, aim: Aim) -> f64 {
    (aim.reach() * deviation / difference).powi(2)
}

/// The same for `McNemar`'s test, whose error under equality is larger (Connor 1987, Biometrics 43:207–211):
/// `((z_α/2 √discordant + z_β √(discordant − difference²)) / difference)²`. Not rounded.
pub fn questions_for_mcnemar(discordant: f64, difference: f64, aim: Aim) -> f64 {
    let z_alpha = normal::z_of(1.0 - aim.significance);
    let z_beta = normal::quantile(aim.power);
    let spread = deviation_of_discordance(discordant, difference);
    ((z_alpha * discordant.sqrt() + z_beta * spread) / difference).powi(2)
}

/// The chance that `McNemar`'s test on `n` questions shows a true difference, by the same approximation.
pub fn power_of_mcnemar(discordant: f64, difference: f64, n: f64, significance: f64) -> f64 {
    let spread = deviation_of_discordance(discordant, difference);
    if spread <= 0.0 {
        return if difference == 0.0 { significance } else { 1.0 };
    }
    let z_alpha = normal::z_of(1.0 - significance);
    let z = (difference.abs() * n.sqrt() - z_alpha * discordant.sqrt()) / spread;
    normal::upper_tail(-z)
}

/// By how much questions that come in groups of `size` inflate the variance: 1 + (size − 1) · correlation (Kish 1965).
/// So many times more questions are needed.
pub fn design_effect(size: f64, correlation: f64) -> f64 {
    1.0 + (size - 1.0) * correlation
}
