//! Checks of bounds, ranges and sums of money.

use super::*;
use crate::provider::{Class, Effort, Protocol};
use crate::run::draft::{self, Pick, Wishes};
