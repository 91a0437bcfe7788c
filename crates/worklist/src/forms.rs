//! What comes in.

use base::{Day, Error};
use customers::forms::InteractionDraft;
use customers::interaction::{Direction, InteractionKind, Mood, Outcome};
use serde::Deserialize;
use utoipa::ToSchema;
use web::Ui;

/// Something done for a customer on the list: three choices, a remark, and what comes next.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DoneForm {
    /// `call`, `visit`, `email`, `message`, `meeting`.
    pub kind: String,
    /// `reached`, `not_reached`, `agreed`, `declined`.
    pub outcome: String,
    /// `pleased`, `neutral`, `annoyed`; may be left out.
    pub mood: Option<String>,
    /// Left out: the outcome says it.
    #[serde(default)]
    pub text: String,
    /// What comes next.
    #[serde(default)]
    pub next_step: String,
    /// Explicitly nothing comes next.
    #[serde(default)]
    pub no_next_step: bool,
    /// Days from today until the next step.
    pub next_in_days: Option<u16>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LaterForm {
    /// Days from today, at least 1.
    pub days: u16,
}

impl DoneForm {
    /// # Errors
    /// `Invalid` names the field whose word is not one of its choices.
    pub fn draft(self, ui: &Ui, today: Day) -> Result<InteractionDraft, Error> {
        let next_step = self.next_step.trim().to_owned();
        let outcome = choice::<Outcome>("outcome", &self.outcome)?;
        let text = if self.text.trim().is_empty() { ui.t(outcome.key()) } else { self.text };
        let days = i64::from(self.next_in_days.unwrap_or(3));
        Ok(InteractionDraft {
            kind: choice::<InteractionKind>("kind", &self.kind)?,
            direction: Direction::Outgoing,
            happened_at: None,
            outcome: Some(outcome),
            mood: self
                .mood
                .as_deref()
                .filter(|mood| !mood.is_empty())
                .map(|mood| choice::<Mood>("mood", mood))
                .transpose()?,
            text,
            next_step_on: (!next_step.is_empty()).then(|| today + chrono::Duration::days(days)),
            no_next_step: self.no_next_step,
            next_step,
            next_step_by: None,
            shipments: Vec::new(),
            origin: None,
            author: None,
        })
    }
}

fn choice<T: std::str::FromStr>(field: &str, word: &str) -> Result<T, Error> {
    word.parse().map_err(|_| Error::invalid(field, base::Message::new("worklist-unknown_choice").with("word", word)))
}
