//! The complaint card, told once: its cells in order, what each may hold and what a filled card may do with it. Screen,
//! paper, the blank card, the workbook and its way back in are all made of this.

pub mod book;
pub mod filled;
pub mod plan;

use base::Language;
use texts::Texts;

use crate::words::{Answer, Category, Cause, Channel, Severity};

/// Whose words a card speaks.
#[derive(Clone, Copy)]
pub struct Tongue<'a> {
    pub texts: &'a Texts,
    pub language: Language,
}

impl std::fmt::Debug for Tongue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Tongue").field(&self.language).finish()
    }
}

impl Tongue<'_> {
    pub fn t(self, key: &str) -> String {
        self.texts.get(self.language, key)
    }
}

/// Stored word and text key of each choice.
type Choices = fn() -> Vec<(&'static str, &'static str)>;

/// What a cell holds.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A few words.
    Line,
    Text,
    Time,
    Day,
    Amount,
    Choice(Choices),
}

/// What a filled card may do with a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Says which complaint it is; empty for a new one.
    Number,
    /// The program's own; what somebody wrote there is kept in the history while the program has nothing to say.
    Own,
    /// Said when the complaint came in; never changes afterwards.
    Said,
    /// More may be added.
    Added,
    Solution,
    Cause,
    /// Belongs to a step, which is done on the page; a card's words about it are kept in the history.
    Step,
    /// By hand only: telephone numbers are kept with the contact, where who reads them is known.
    ByHand,
}

macro_rules! cells {
    ($($field:ident $word:literal $label:literal $shape:expr, $rule:ident;)*) => {
        /// A cell of the card.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($field),* }

        impl Field {
            /// In the order of the card.
            pub const ALL: &'static [Field] = &[$(Field::$field),*];

            /// As it is stored.
            pub fn word(self) -> &'static str {
                match self { $(Field::$field => $word),* }
            }

            /// Key of its label.
            pub fn label(self) -> &'static str {
                match self { $(Field::$field => $label),* }
            }

            pub fn shape(self) -> Shape {
                match self { $(Field::$field => $shape),* }
            }

            pub fn rule(self) -> Rule {
                match self { $(Field::$field => Rule::$rule),* }
            }
        }
    };
}

macro_rules! choices {
    ($words:ident) => {
        Shape::Choice(|| $words::ALL.iter().map(|one| (one.word(), one.key())).collect())
    };
}

pub const YES: &str = "yes";
const NO: &str = "no";

fn yes_or_no() -> Vec<(&'static str, &'static str)> {
    vec![(YES, "complaint-sheet-yes"), (NO, "complaint-sheet-no")]
}

cells! {
    Number "number" "complaint-number" Shape::Line, Number;
    Received "received" "complaint-received" Shape::Time, Said;
    TakenBy "taken_by" "complaint-taken_by" Shape::Line, Own;
    Customer "customer" "complaint-customer" Shape::Line, Said;
    Contact "contact" "complaint-contact" Shape::Line, Said;
    Phone "phone" "complaint-phone" Shape::Line, ByHand;
    Waybills "waybills" "complaint-waybills" Shape::Line, Added;
    Lane "lane" "complaint-lane" Shape::Line, Own;
    Goods "goods" "complaint-goods" Shape::Line, Own;
    Category "category" "complaint-category" choices!(Category), Said;
    Severity "severity" "complaint-severity" choices!(Severity), Said;
    Channel "channel" "complaint-channel" choices!(Channel), Said;
    Words "words" "complaint-words" Shape::Text, Said;
    Wish "wish" "complaint-wish" Shape::Text, Said;
    FirstAnswer "first_answer" "complaint-first_answer" Shape::Text, Step;
    FirstAnswerAt "first_answer_at" "complaint-first_answer_at" Shape::Time, Step;
    Investigation "investigation" "complaint-investigation" Shape::Text, Step;
    Cause "cause" "complaint-cause" choices!(Cause), Cause;
    CauseText "cause_text" "complaint-cause_text" Shape::Text, Cause;
    CauseDepartment "cause_department" "complaint-cause_department" Shape::Line, Cause;
    Solution "solution" "complaint-solution" Shape::Text, Solution;
    Extra "extra" "complaint-extra" Shape::Text, Solution;
    Compensation "compensation" "complaint-compensation" Shape::Amount, Solution;
    ApprovalSign "approval_sign" "complaint-approval_sign" Shape::Line, Own;
    Result "result" "complaint-result" Shape::Text, Step;
    Answer "answer" "complaint-answer" choices!(Answer), Step;
    AnswerAt "answer_at" "complaint-answer_at" Shape::Time, Step;
    Opinion "opinion" "complaint-opinion" Shape::Text, Step;
    CloseReason "close_reason" "complaint-close_reason" Shape::Text, Step;
    Correction "correction" "complaint-correction" Shape::Text, Cause;
    CorrectionDue "correction_due" "complaint-correction_due" Shape::Day, Cause;
    Department "department" "complaint-department" Shape::Line, Said;
    IsExpress "is_express" "complaint-sheet-express" Shape::Choice(yes_or_no), Said;
    Filed "filed" "complaint-filed" Shape::Time, Own;
}

impl Field {
    pub fn from_word(word: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| field.word() == word)
    }

    /// A new complaint cannot be without it.
    pub fn is_needed(self) -> bool {
        matches!(self, Field::Customer | Field::Category | Field::Channel | Field::Words)
    }

    /// What people read where this is stored.
    pub fn shown(self, tongue: Tongue<'_>, stored: &str) -> String {
        let key = match self.shape() {
            Shape::Choice(all) => all().into_iter().find(|(word, _)| *word == stored).map(|(_, key)| key),
            _ => None,
        };
        key.map_or_else(|| stored.to_owned(), |key| tongue.t(key))
    }

    /// The stored word of what people read; `None` when it is none of the choices.
    pub fn chosen(self, tongue: Tongue<'_>, text: &str) -> Option<&'static str> {
        let Shape::Choice(all) = self.shape() else { return None };
        all().into_iter().find(|(word, key)| *word == text || tongue.t(key) == text).map(|(word, _)| word)
    }

    /// What its choices are called; empty when it is no choice.
    pub fn offered(self, tongue: Tongue<'_>) -> Vec<String> {
        match self.shape() {
            Shape::Choice(all) => all().into_iter().map(|(_, key)| tongue.t(key)).collect(),
            _ => Vec::new(),
        }
    }
}

/// How much room a row has on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Height {
    Low,
    Middle,
    Tall,
}

/// A cell on paper: the columns that it spans and the lines that fit.
pub type Place = (Field, u8, u8);
/// A row on paper.
pub type Printed = (Height, &'static [Place]);

/// The card as it is printed.
pub const ROWS: &[Printed] = &[
    (Height::Low, &[(Field::Number, 1, 2), (Field::Received, 1, 1), (Field::TakenBy, 1, 1)]),
    (Height::Low, &[(Field::Customer, 1, 2), (Field::Contact, 1, 2), (Field::Phone, 1, 1)]),
    (Height::Low, &[(Field::Waybills, 1, 2), (Field::Lane, 1, 2), (Field::Goods, 1, 2)]),
    (Height::Low, &[(Field::Category, 1, 1), (Field::Severity, 1, 1), (Field::Channel, 1, 1)]),
    (Height::Tall, &[(Field::Words, 5, 5)]),
    (Height::Middle, &[(Field::Wish, 5, 3)]),
    (Height::Middle, &[(Field::FirstAnswer, 3, 3), (Field::FirstAnswerAt, 1, 1)]),
    (Height::Middle, &[(Field::Investigation, 5, 3)]),
    (Height::Low, &[(Field::Cause, 1, 1), (Field::CauseText, 1, 3), (Field::CauseDepartment, 1, 2)]),
    (Height::Middle, &[(Field::Solution, 3, 3), (Field::Extra, 1, 3)]),
    (Height::Low, &[(Field::Compensation, 3, 1), (Field::ApprovalSign, 1, 1)]),
    (Height::Middle, &[(Field::Result, 5, 3)]),
    (Height::Low, &[(Field::AnswerAt, 1, 1), (Field::Answer, 1, 1), (Field::Opinion, 1, 3)]),
    (Height::Middle, &[(Field::Correction, 3, 3), (Field::CorrectionDue, 1, 1)]),
    (Height::Low, &[(Field::CloseReason, 5, 2)]),
    (Height::Low, &[(Field::Department, 1, 1), (Field::IsExpress, 1, 1), (Field::Filed, 1, 1)]),
];

/// Text as cells compare it: ends of lines are one thing whoever wrote them.
pub fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_stands_once_on_the_printed_card() {
        let printed: Vec<Field> = ROWS.iter().flat_map(|(_, cells)| cells.iter().map(|cell| cell.0)).collect();
        let mut sorted = printed.clone();
        sorted.sort();
        assert_eq!(sorted, Field::ALL);
        assert!(ROWS.iter().all(|(_, cells)| cells.iter().map(|cell| cell.1 + 1).sum::<u8>() == 6));
    }

    #[test]
    fn a_cell_is_found_by_its_stored_word() {
        assert!(Field::ALL.iter().all(|field| Field::from_word(field.word()) == Some(*field)));
        assert_eq!(Field::from_word("password"), None);
    }
}
