//! What the forms of one claim do.

use axum::extract::{Path, State};
use base::{Actor, Day, Error, Message, UserId};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as Wrong, StrDeserializer};
use web::{Form, Me, Page, Ui, redirect};

use super::show::{Refused, render};
use super::{HERE, belongs_to_form};
use crate::Claims;
use crate::claim::{ClaimId, Model};
use crate::forms::{AmountsDraft, BlameDraft, DecisionDraft, PaymentDraft, RecoveredDraft, RecoveryDraft};

/// What any act on one claim says; each takes what it needs. Fields that two forms of the page have are told apart.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActForm {
    pub version: i64,
    pub value: String,
    pub asked: String,
    pub decision: String,
    pub amount: String,
    pub reason: String,
    pub paid_on: String,
    pub reference: String,
    pub liable: String,
    pub from: String,
    pub carrier_amount: String,
    pub carrier_on: String,
    pub back_amount: String,
    pub back_on: String,
    pub give_up_reason: String,
    pub owner: String,
    pub withdraw_reason: String,
}

/// A word of a closed set that somebody chose.
///
/// # Errors
/// `Invalid` for a word that is none, or for none chosen.
pub fn word<'a, T: Deserialize<'a>>(field: &str, text: &'a str) -> Result<T, Error> {
    let read: StrDeserializer<'a, Wrong> = text.into_deserializer();
    T::deserialize(read).map_err(|_| Error::invalid(field, Message::new("claim-choose_one")))
}

/// A day that somebody typed; `None` for an empty field.
fn day(field: &str, text: &str) -> Result<Option<Day>, Error> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::invalid(field, Message::new("claim-no_day"))),
    }
}

/// The names that the fields of an act have on its form.
fn renamed(error: Error, names: &[(&str, &str)]) -> Error {
    match error {
        Error::Invalid(mut problems) => {
            for problem in &mut problems {
                if let Some((_, shown)) = names.iter().find(|(name, _)| *name == problem.field) {
                    (*shown).clone_into(&mut problem.field);
                }
            }
            Error::Invalid(problems)
        }
        other => other,
    }
}

/// One handler: takes the form, does the act, and shows the claim again.
macro_rules! act {
    ($(#[$about:meta])* $name:ident, |$claims:ident, $actor:ident, $id:ident, $typed:ident| $done:expr) => {
        $(#[$about])*
        pub async fn $name(
            ui: Ui,
            Me($actor): Me,
            State($claims): State<Claims>,
            Path(id): Path<String>,
            Form($typed): Form<ActForm>,
        ) -> Page {
            let $id = ClaimId(id);
            let done: Result<Model, Error> = async { $done }.await;
            answer(ui, &$actor, &$claims, &$id, $typed, done).await
        }
    };
}

act!(amend, |claims, actor, id, typed| {
    let draft = AmountsDraft { value: typed.value.clone(), asked: typed.asked.clone() };
    claims.amend(&actor, &id, typed.version, &draft).await
});

act!(decide, |claims, actor, id, typed| {
    let decision = word("decision", &typed.decision)?;
    let draft = DecisionDraft { decision, amount: typed.amount.clone(), reason: typed.reason.clone() };
    claims.decide(&actor, &id, typed.version, &draft).await
});

act!(pay, |claims, actor, id, typed| {
    let draft = PaymentDraft { on: day("paid_on", &typed.paid_on)?, reference: typed.reference.clone() };
    claims.pay(&actor, &id, typed.version, &draft).await.map_err(|error| renamed(error, &[("on", "paid_on")]))
});

act!(blame, |claims, actor, id, typed| {
    let draft = BlameDraft { liable: word("liable", &typed.liable)? };
    claims.blame(&actor, &id, typed.version, &draft).await
});

act!(ask_carrier, |claims, actor, id, typed| {
    let draft = RecoveryDraft {
        from: typed.from.clone(),
        amount: typed.carrier_amount.clone(),
        on: day("carrier_on", &typed.carrier_on)?,
    };
    let names = [("on", "carrier_on"), ("amount", "carrier_amount")];
    claims.ask_carrier(&actor, &id, typed.version, &draft).await.map_err(|error| renamed(error, &names))
});

act!(recovered, |claims, actor, id, typed| {
    let draft = RecoveredDraft { amount: typed.back_amount.clone(), on: day("back_on", &typed.back_on)? };
    let names = [("on", "back_on"), ("amount", "back_amount")];
    claims.recovered(&actor, &id, typed.version, &draft).await.map_err(|error| renamed(error, &names))
});

act!(give_up, |claims, actor, id, typed| {
    let done = claims.give_up(&actor, &id, typed.version, &typed.give_up_reason).await;
    done.map_err(|error| renamed(error, &[("reason", "give_up_reason")]))
});

act!(hand_over, |claims, actor, id, typed| {
    claims.hand_over(&actor, &id, typed.version, &UserId(typed.owner.clone())).await
});

act!(withdraw, |claims, actor, id, typed| {
    let done = claims.withdraw(&actor, &id, typed.version, &typed.withdraw_reason).await;
    done.map_err(|error| renamed(error, &[("reason", "withdraw_reason")]))
});

act!(close, |claims, actor, id, typed| claims.close(&actor, &id, typed.version).await);

async fn answer(
    ui: Ui,
    actor: &Actor,
    claims: &Claims,
    id: &ClaimId,
    typed: ActForm,
    done: Result<Model, Error>,
) -> Page {
    match done {
        Ok(_) => Ok(redirect(&format!("{HERE}/{id}"))),
        Err(error) if belongs_to_form(&error) => {
            render(ui, actor, claims, id, Some(Refused::Act(Box::new(typed), error))).await
        }
        Err(error) => Err(error.into()),
    }
}
