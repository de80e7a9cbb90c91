//! Owns money: amounts in whole micro-dollars, prices of tokens, and what a call costs.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::reply::Usage;

/// An amount of money in millionths of a US dollar. Sums saturate: an absurd price must not panic the page.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct MicroDollars(pub u64);

impl MicroDollars {
    /// Takes away; nothing is left at least.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl MicroDollars {
    /// The amount in dollars as a person would type it, whole: `2.5`.
    pub fn typed(self) -> String {
        let text = format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

impl Add for MicroDollars {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for MicroDollars {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for MicroDollars {
    /// `$1.25`; below a cent with two digits that matter, as `$0.00042`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dollars = self.0 as f64 / 1e6;
        match self.0 {
            0 => f.write_str("$0"),
            1..100 => write!(f, "${dollars:.6}"),
            100..1_000 => write!(f, "${dollars:.5}"),
            1_000..10_000 => write!(f, "${dollars:.4}"),
            10_000..100_000 => write!(f, "${dollars:.3}"),
            _ => write!(f, "${dollars:.2}"),
        }
    }
}

/// Why a text is no amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no amount in dollars: write it as 2.50")]
pub struct NoAmount;

impl FromStr for MicroDollars {
    type Err = NoAmount;

    /// Reads dollars as a person types them: `3`, `$0.15`, `0,15`. Digits beyond a millionth are refused, not rounded.
    fn from_str(text: &str) -> Result<Self, NoAmount> {
        let text = text.trim().trim_start_matches('$').trim().replace(',', ".");
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && part.is_empty()) || !is_number(whole) || !is_number(part) {
            return Err(NoAmount);
        }
        if 6 < part.trim_end_matches('0').len() {
            return Err(NoAmount);
        }
        let number = |digits: &str| match digits {
            "" => Ok(0),
            digits => digits.parse::<u64>().map_err(|_too_large| NoAmount),
        };
        let dollars = number(whole)?.checked_mul(1_000_000).ok_or(NoAmount)?;
        let micro = number(&format!("{:0<6}", part.trim_end_matches('0')))?;
        dollars.checked_add(micro).map(Self).ok_or(NoAmount)
    }
}

/// What a model's tokens cost, in micro-dollars for a million tokens: $3 for a million is 3,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Price {
    /// For a million tokens sent.
    pub input: MicroDollars,
    /// For a million tokens received, thinking included.
    pub output: MicroDollars,
    /// For a million tokens sent that the provider had in its cache, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input: Option<MicroDollars>,
    /// For each call on top of its tokens, in micro-dollars: what services that search the web charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_call: Option<MicroDollars>,
}

const MILLION: u128 = 1_000_000;

impl Price {
    /// A model that costs nothing, such as one on this machine.
    pub const FREE: Self = Self {
        input: MicroDollars(0),
        output: MicroDollars(0),
        cached_input: None,
        per_call: None,
    };

    /// What so many calls cost beside their tokens.
    pub fn of_calls(&self, n_calls: u64) -> MicroDollars {
        MicroDollars(self.per_call.unwrap_or_default().0.saturating_mul(n_calls))
    }

    /// What so many tokens cost, rounded up; without what each call costs on top.
    pub fn of_tokens(&self, input_tokens: u64, output_tokens: u64) -> MicroDollars {
        self.sum(&[(self.input, input_tokens), (self.output, output_tokens)])
    }

    /// What a call with this usage cost, rounded up: as the provider charged it where it says so, else by its tokens.
    pub fn of_usage(&self, usage: &Usage) -> MicroDollars {
        if let Some(charged) = usage.charged {
            return charged;
        }
        let cached = usage.cached_input_tokens.unwrap_or(0).min(usage.input_tokens);
        self.sum(&[
            (self.input, usage.input_tokens - cached),
            (self.cached_input.unwrap_or(self.input), cached),
            (self.output, usage.output_tokens),
        ]) + self.of_calls(1)
    }

    #[allow(clippy::unused_self)] // reads as what it is: a sum at this price
    fn sum(&self, parts: &[(MicroDollars, u64)]) -> MicroDollars {
        let total: u128 =
            parts.iter().map(|(per_million, n)| u128::from(per_million.0) * u128::from(*n)).sum();
        MicroDollars(u64::try_from(total.div_ceil(MILLION)).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRICE: Price = Price {
        input: MicroDollars(3_000_000),
        output: MicroDollars(15_000_000),
        cached_input: Some(MicroDollars(300_000)),
        per_call: None,
    };

    #[test]
    fn tokens_cost_their_price_rounded_up() {
        assert_eq!(PRICE.of_tokens(1_000_000, 0), MicroDollars(3_000_000));
        assert_eq!(PRICE.of_tokens(100, 20), MicroDollars(600));
        assert_eq!(
            Price { input: MicroDollars(1), ..Price::FREE }.of_tokens(1, 0),
            MicroDollars(1)
        );
        assert_eq!(PRICE.of_tokens(u64::MAX, u64::MAX), MicroDollars(u64::MAX));
    }

    #[test]
    fn cached_tokens_have_their_own_price_and_a_charge_is_taken_as_told() {
        let usage = Usage {
            input_tokens: 1_000,
            output_tokens: 100,
            cached_input_tokens: Some(400),
            ..Usage::default()
        };
        assert_eq!(PRICE.of_usage(&usage), MicroDollars(1_800 + 120 + 1_500));
        let searching = Price { per_call: Some(MicroDollars(5_000)), ..PRICE };
        assert_eq!(searching.of_usage(&usage), MicroDollars(1_800 + 120 + 1_500 + 5_000));
        let usage = Usage { charged: Some(MicroDollars(7)), ..usage };
        assert_eq!(PRICE.of_usage(&usage), MicroDollars(7));
    }

    #[test]
    fn dollars_are_read_as_people_type_them() {
        for (typed, amount) in [
            ("3", 3_000_000),
            (" $0.15 ", 150_000),
            ("0,15", 150_000),
            (".5", 500_000),
            ("2.", 2_000_000),
            ("0.000001", 1),
            ("1.2500000", 1_250_000),
            ("0", 0),
        ] {
            assert_eq!(typed.parse(), Ok(MicroDollars(amount)), "{typed}");
            assert_eq!(MicroDollars(amount).typed().parse(), Ok(MicroDollars(amount)));
        }
        for typed in
            ["", "$", ".", "-1", "1e3", "1.2.3", "1,234.5", "0.0000001", "99999999999999999999"]
        {
            assert_eq!(typed.parse::<MicroDollars>(), Err(NoAmount), "{typed}");
        }
    }

    #[test]
    fn amounts_are_shown_with_the_digits_that_matter() {
        for (amount, shown) in [
            (0, "$0"),
            (42, "$0.000042"),
            (420, "$0.00042"),
            (4_200, "$0.0042"),
            (42_000, "$0.042"),
            (1_250_000, "$1.25"),
            (123_456_789, "$123.46"),
        ] {
            assert_eq!(MicroDollars(amount).to_string(), shown);
        }
    }
}
