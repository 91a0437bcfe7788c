/// Why there is no figure: a row that cannot be right, or data that do not support what was asked. Rows are counted from 1
/// in the order given.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Wrong {
    #[error("row {row}: {field} is not a finite number")]
    NotFinite { row: usize, field: &'static str },
    #[error("row {row}: {field} is negative")]
    Negative { row: usize, field: &'static str },
    #[error("row {row}: {field} must be above zero")]
    NotPositive { row: usize, field: &'static str },
    #[error("row {row}: {field} must be a whole number")]
    NotWhole { row: usize, field: &'static str },
    #[error("row {row}: {field} must lie between {least} and {most}")]
    OutOfRange { row: usize, field: &'static str, least: f64, most: f64 },
    /// For example a last purchase after the end of what was observed.
    #[error("row {row}: {earlier} lies after {later}")]
    Reversed { row: usize, earlier: &'static str, later: &'static str },
    /// Repeat purchases without a time of the last one, or the time of one without any.
    #[error("row {row}: {field} contradicts {other}")]
    Contradicts { row: usize, field: &'static str, other: &'static str },
    #[error("row {row}: {field} is there already in row {first}")]
    Twice { row: usize, first: usize, field: &'static str },
    #[error("row {row}: {field} does not follow on the row before")]
    Unsorted { row: usize, field: &'static str },
    #[error("the columns have different lengths: {left} and {right}")]
    Lengths { left: usize, right: usize },
    #[error("{found} {what} are too few: at least {needed} are needed")]
    TooFew { what: &'static str, found: usize, needed: usize },
    #[error("{found} {what} are too many: at most {most} are possible")]
    TooMany { what: &'static str, found: usize, most: usize },
    /// Finite numbers whose sum is none.
    #[error("the sum of {field} is larger than a number can be")]
    TooLarge { field: &'static str },
    /// Nothing varies, so nothing can be estimated.
    #[error("all {what} are the same: the data cannot tell the customers apart")]
    AllAlike { what: &'static str },
    #[error("no {what}: there is nothing to estimate from")]
    Nothing { what: &'static str },
    /// The likelihood rises without end, or a combination of parameters is not determined.
    #[error("the data do not determine {parameter}: the likelihood is best at the edge or flat")]
    Undetermined { parameter: &'static str },
    /// It does not vary, follows from the columns before it, or decides everything. Columns are counted from 1.
    #[error("column {column} cannot be estimated: it does not vary, follows from the others, or decides everything")]
    Covariate { column: usize },
    #[error("the fit did not converge within {evaluations} evaluations")]
    NotConverged { evaluations: u32 },
    #[error("parameter {parameter} must be a finite number above zero")]
    Parameter { parameter: &'static str },
}

/// `value` if it is finite and not negative.
pub(crate) fn not_negative(value: f64, row: usize, field: &'static str) -> Result<f64, Wrong> {
    if !value.is_finite() {
        return Err(Wrong::NotFinite { row, field });
    }
    if value < 0.0 {
        return Err(Wrong::Negative { row, field });
    }
    Ok(value)
}

/// `value` if it is finite and above zero.
pub(crate) fn positive(value: f64, row: usize, field: &'static str) -> Result<f64, Wrong> {
    if !value.is_finite() {
        return Err(Wrong::NotFinite { row, field });
    }
    if value <= 0.0 {
        return Err(Wrong::NotPositive { row, field });
    }
    Ok(value)
}

/// `value` as a count.
pub(crate) fn whole(value: f64, row: usize, field: &'static str) -> Result<u32, Wrong> {
    whole_up_to(value, f64::from(u32::MAX), row, field).map(|value| value as u32)
}

/// `value` if it is a whole number of things, at most `most`.
pub(crate) fn whole_up_to(value: f64, most: f64, row: usize, field: &'static str) -> Result<f64, Wrong> {
    not_negative(value, row, field)?;
    if value.fract() != 0.0 {
        return Err(Wrong::NotWhole { row, field });
    }
    if value > most {
        return Err(Wrong::OutOfRange { row, field, least: 0.0, most });
    }
    Ok(value)
}

/// `sum` if it did not overflow.
pub(crate) fn finite(sum: f64, field: &'static str) -> Result<f64, Wrong> {
    match sum.is_finite() {
        true => Ok(sum),
        false => Err(Wrong::TooLarge { field }),
    }
}

/// The values, each under its name, if all are parameters a distribution can have.
pub(crate) fn parameters<const N: usize>(values: [f64; N], names: [&'static str; N]) -> Result<[f64; N], Wrong> {
    match values.iter().position(|value| !(value.is_finite() && *value > 0.0)) {
        Some(at) => Err(Wrong::Parameter { parameter: names[at] }),
        None => Ok(values),
    }
}
