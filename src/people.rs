//! Owns what people do beside models: sit an exam alone, and sit one as a class.

pub mod class;
pub mod exam;
