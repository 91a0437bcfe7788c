//! What a filled card would do: worked out before anything is written, and once more when it is.

mod fresh;
mod known;

use base::{Actor, Currency, Error, Message, Money};
use texts::format;

use super::filled::{Filled, cell_message};
use super::{Field, Tongue};
use crate::complaint::Model;
use crate::forms::{CauseDraft, ComplaintDraft, SolutionDraft};
use crate::service::Complaints;
use crate::store::{self, people};
use crate::words::Cause;
use crate::{HANDLE, rules};

/// What becomes of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Stands on the complaint already.
    Same,
    New,
    Changed,
    /// Goes into the history word for word; the card shows it until the step is done.
    Kept,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub field: Field,
    pub before: String,
    pub after: String,
    pub way: Way,
}

#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// `None`: a new complaint.
    pub complaint: Option<Model>,
    pub changes: Vec<Change>,
    /// Why it cannot be brought in, cell by cell.
    pub problems: Vec<(Field, Message)>,
    pub draft: Option<ComplaintDraft>,
    pub waybills: Vec<String>,
    pub solution: Option<SolutionDraft>,
    pub cause: Option<CauseDraft>,
    /// Stored texts.
    pub kept: Vec<(Field, String)>,
}

impl Plan {
    /// # Errors
    /// When the database does not answer. What is wrong with the card stands in `problems`.
    pub async fn of(
        tongue: Tongue<'_>,
        complaints: &Complaints,
        actor: &Actor,
        filled: &Filled,
    ) -> Result<Self, Error> {
        actor.require(crate::LOG)?;
        let number = filled.text(Field::Number);
        if number.is_empty() {
            return fresh::plan(tongue, complaints, actor, filled).await;
        }
        match store::by_number(complaints.db().read(), actor, number).await? {
            Some(id) if actor.has(HANDLE) => {
                known::plan(tongue, complaints, actor, &complaints.file(actor, &id).await?, filled).await
            }
            _ => {
                let problems = vec![(Field::Number, Message::new("complaint-no_such_number"))];
                Ok(Self { problems, ..Self::default() })
            }
        }
    }

    /// The version that was read; 0 of a new complaint.
    pub fn version(&self) -> i64 {
        self.complaint.as_ref().map_or(0, |complaint| complaint.version)
    }

    /// The complaint has all of it already.
    pub fn is_nothing(&self) -> bool {
        self.problems.is_empty() && self.changes.iter().all(|change| change.way == Way::Same)
    }

    fn change(&mut self, field: Field, before: &str, after: &str, way: Way) {
        self.changes.push(Change { field, before: before.to_owned(), after: after.to_owned(), way });
    }

    fn wrong(&mut self, field: Field, message: Message) {
        self.problems.push((field, message));
    }

    fn keep(&mut self, tongue: Tongue<'_>, field: Field, stored: &str) {
        self.change(field, "", &field.shown(tongue, stored), Way::Kept);
        self.kept.push((field, stored.to_owned()));
    }

    /// Checks what the solution would be.
    async fn solve(&mut self, complaints: &Complaints, draft: SolutionDraft) -> Result<(), Error> {
        let reporting = complaints.reporting().await?;
        self.told(
            rules::solution(&draft, reporting).map(drop),
            &[("solution", Field::Solution), ("extra", Field::Extra), ("compensation", Field::Compensation)],
        )?;
        self.solution = Some(draft);
        Ok(())
    }

    /// Checks what the cause would be; `before`: what stands there.
    async fn explain(&mut self, complaints: &Complaints, filled: &Filled, before: Option<&Model>) -> Result<(), Error> {
        let given = |field| Some(filled.text(field)).filter(|text| !text.is_empty());
        let mut department = before.and_then(|one| one.cause_department_id.clone());
        if let Some(name) = given(Field::CauseDepartment) {
            let all = people::departments(complaints.db().read()).await?;
            match all.into_iter().find(|one| one.name == name) {
                Some(found) => department = Some(found.id),
                None => self.wrong(Field::CauseDepartment, Message::new("complaint-sheet-no_department")),
            }
        }
        let cause = given(Field::Cause).and_then(|word| word.parse::<Cause>().ok());
        let Some(cause) = cause.or(before.and_then(|one| one.cause)) else {
            self.wrong(Field::Cause, Message::new("complaint-choose"));
            return Ok(());
        };
        let or = |field, stands: Option<&String>| {
            given(field).map(str::to_owned).or_else(|| stands.cloned()).unwrap_or_default()
        };
        let due = given(Field::CorrectionDue).and_then(|text| text.parse().ok());
        let draft = CauseDraft {
            cause,
            text: or(Field::CauseText, before.map(|one| &one.cause_text)),
            department,
            correction: or(Field::Correction, before.map(|one| &one.correction)),
            correction_due: due.or(before.and_then(|one| one.correction_due)),
        };
        if draft.correction.is_empty() && given(Field::CorrectionDue).is_some() {
            self.wrong(Field::Correction, Message::new("complaint-text_missing"));
        }
        self.told(
            rules::check_cause(&draft),
            &[("text", Field::CauseText), ("correction", Field::Correction), ("correction_due", Field::CorrectionDue)],
        )?;
        self.cause = Some(draft);
        Ok(())
    }

    /// Problems of a form as problems of the card.
    fn told(&mut self, checked: Result<(), Error>, fields: &[(&str, Field)]) -> Result<(), Error> {
        match checked {
            Err(Error::Invalid(problems)) => {
                for problem in problems {
                    let field = fields.iter().find(|(name, _)| *name == problem.field).map(|(_, field)| *field);
                    self.wrong(field.unwrap_or(Field::Number), problem.message);
                }
                Ok(())
            }
            other => other,
        }
    }
}

/// An amount as people write it, in the firm's own currency where none is named; `None` when it is none.
fn money(text: &str, reporting: Currency) -> Option<Money> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '\u{ff0c}')).collect();
    let digits = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
    let (first, last) = (compact.find(digits)?, compact.rfind(digits)?);
    let number = compact.get(first..=last)?;
    let mark = format!("{}{}", &compact[..first], &compact[last + 1..]);
    let currency = match mark.as_str() {
        "" => reporting,
        // The yuan sign, the same in full width, and the word.
        "\u{a5}" | "\u{ffe5}" | "\u{5143}" | "RMB" => Currency::CNY,
        code => code.parse().ok()?,
    };
    Money::parse(number, currency).filter(|money| money.minor >= 0)
}

/// The solution as the card says it, over what stands there.
fn solution(filled: &Filled, before: Option<&Model>, reporting: Currency) -> Option<SolutionDraft> {
    let or = |field, stands: Option<&String>| match filled.text(field) {
        "" => stands.cloned().unwrap_or_default(),
        text => text.to_owned(),
    };
    let stands = before.and_then(Model::compensation);
    let amount = match filled.text(Field::Compensation) {
        "" => stands,
        text => Some(money(text, reporting)?),
    };
    Some(SolutionDraft {
        solution: or(Field::Solution, before.map(|one| &one.solution)),
        extra: or(Field::Extra, before.map(|one| &one.extra)),
        compensation: amount.map(Money::amount).unwrap_or_default(),
        currency: amount.map(|amount| amount.currency),
    })
}

/// A cell as the card would show it.
fn shown(tongue: Tongue<'_>, field: Field, stored: &str, reporting: Currency) -> String {
    match field {
        Field::Compensation => {
            money(stored, reporting).map_or_else(|| stored.to_owned(), |money| format::amount(money, tongue.language))
        }
        _ => field.shown(tongue, stored),
    }
}

fn no_amount(tongue: Tongue<'_>, filled: &Filled) -> Message {
    cell_message("complaint-sheet-unreadable", tongue, Field::Compensation, filled.text(Field::Compensation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        let cny = |minor| Some(Money::new(minor, Currency::CNY));
        for text in ["1,200.00", "¥1,200.00", "￥1200", "1200元", "CNY 1,200.00", "1200 CNY"] {
            assert_eq!(money(text, Currency::CNY), cny(120_000), "{text}");
        }
        assert_eq!(money("JPY 500", Currency::CNY).map(|money| money.minor), Some(500));
        for text in ["", "some", "-5", "1.2.3", "12 apples", "1200 圆", "¥"] {
            assert_eq!(money(text, Currency::CNY), None, "{text}");
        }
    }
}
