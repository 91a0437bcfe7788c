//! One method per business verb, and the recomputing that events, the job and the command line share.

use std::collections::BTreeMap;

use base::{Actor, ActorKind, CustomerId, Day, Error, Message};
use chrono::Days;
use customers::Assessed;
use customers::assessment;
use customers::customer::{Model, Stage};
use db::{Db, Tx, settings};
use serde::Deserialize;
use serde_json::Value;

use crate::store::{self, BY_HAND, STAGE};
use crate::{ByHand, HandStage, Policy, Standing, rules};

/// Customers recomputed in one transaction.
const AT_ONCE: usize = 500;
/// How far the moves on the page of stages go back.
pub const MOVES_DAYS: u64 = 90;
/// Key of the policy among the settings.
pub(crate) const POLICY: &str = "lifecycle";

#[derive(Clone, Debug)]
pub struct Lifecycle {
    db: Db,
}

/// Where the customers that somebody may see stand, and where they came from.
#[derive(Clone, Debug)]
pub struct Stages {
    pub as_of: Day,
    /// Moves after this day are counted.
    pub after: Day,
    pub counts: BTreeMap<Stage, i64>,
    pub moves: BTreeMap<(Stage, Stage), i64>,
}

impl Lifecycle {
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn counts(&self, actor: &Actor) -> Result<BTreeMap<Stage, i64>, Error> {
        actor.require(crate::VIEW)?;
        store::counts(self.db.read(), actor).await
    }

    /// # Errors
    /// `Forbidden` without the permission.
    pub async fn stages(&self, actor: &Actor) -> Result<Stages, Error> {
        let counts = self.counts(actor).await?;
        let db = self.db.read();
        let as_of = actor.today();
        let after = as_of.checked_sub_days(Days::new(MOVES_DAYS)).unwrap_or(as_of);
        let policy: Policy = settings::get(db, POLICY).await?;
        let mut moves: BTreeMap<(Stage, Stage), i64> = BTreeMap::new();
        for some in store::moved_since(db, actor, after).await?.chunks(AT_ONCE) {
            let days = shipments::store::shipment_days(db, some).await?;
            let written = store::assessments(db, some).await?;
            for id in some {
                let own = days.get(id).map_or(&[][..], Vec::as_slice);
                let said = said_of(&written, id.as_str());
                let by_hand = said.as_ref().map(Said::by_hand);
                for step in rules::moves(own, by_hand.as_ref(), &policy, after, as_of) {
                    *moves.entry((step.from, step.to)).or_default() += 1;
                }
            }
        }
        Ok(Stages { as_of, after, counts, moves })
    }

    /// For the operator, for example after the policy changed. Returns how many customers got another answer.
    ///
    /// # Errors
    /// `Forbidden` for everybody but the system itself.
    pub async fn recompute_all(&self, actor: &Actor) -> Result<u64, Error> {
        let ActorKind::System(_) = actor.kind else {
            return Err(Error::Forbidden);
        };
        let (mut changed, mut after) = (0, String::new());
        loop {
            let ids = store::ids_after(self.db.read(), &after, AT_ONCE as u64).await?;
            let Some(last) = ids.last() else {
                return Ok(changed);
            };
            after = last.to_string();
            changed += self.recompute_some(actor, &ids).await?;
        }
    }

    /// Recomputes those whose stage changes by time alone. Returns how many got another answer.
    ///
    /// # Errors
    /// `Forbidden` for everybody but the system itself.
    pub async fn review(&self, actor: &Actor) -> Result<u64, Error> {
        let ActorKind::System(_) = actor.kind else {
            return Err(Error::Forbidden);
        };
        let mut changed = 0;
        for some in store::to_review(self.db.read(), actor.today()).await?.chunks(AT_ONCE) {
            changed += self.recompute_some(actor, some).await?;
        }
        Ok(changed)
    }

    async fn recompute_some(&self, actor: &Actor, ids: &[CustomerId]) -> Result<u64, Error> {
        let tx = self.db.begin().await?;
        let changed = recompute(&tx, actor, ids).await?;
        self.db.commit(tx).await?;
        Ok(changed)
    }
}

/// Works the stages out anew from all that is stored; ids of customers that are gone are left out.
/// Returns how many got another answer.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn recompute(tx: &Tx, actor: &Actor, ids: &[CustomerId]) -> Result<u64, Error> {
    let policy: Policy = settings::get(tx, POLICY).await?;
    let mut changed = 0;
    for some in ids.chunks(AT_ONCE) {
        let customers = store::held(tx, actor, some).await?;
        let days = shipments::store::shipment_days(tx, some).await?;
        let written = store::assessments(tx, some).await?;
        for customer in customers {
            let own = days.get(&customer.customer_id()).map_or(&[][..], Vec::as_slice);
            let said = said_of(&written, &customer.id);
            if let Some(said) = &said
                && !said.kept
            {
                keep(tx, actor, &customer.customer_id(), said).await?;
            }
            let by_hand = said.as_ref().map(Said::by_hand);
            let found = rules::stage(own, by_hand.as_ref(), &policy, actor.today());
            changed += u64::from(write(tx, actor, customer, found, said).await?);
        }
    }
    Ok(changed)
}

/// Writes the standing when it says something new.
async fn write(tx: &Tx, actor: &Actor, customer: Model, found: Standing, said: Option<Said>) -> Result<bool, Error> {
    // Whoever gave the stage stays named.
    let reasons = match said {
        Some(said) if said.decides(&found) => said.reasons,
        _ => found.reasons,
    };
    let reason = serde_json::to_value(&reasons).map_err(|error| Error::Bug(error.to_string()))?;
    let written = (&customer.stage, &customer.stage_since, &customer.stage_reason, &customer.stage_review_on);
    if written == (&found.stage, &found.since, &reason, &found.review_on) {
        return Ok(false);
    }
    let assessed = Assessed {
        kind: STAGE,
        value: found.stage.word().into(),
        score: None,
        reasons,
        as_of: actor.today(),
        since: found.since,
        review_on: found.review_on,
    };
    customers::assess(tx, actor, &customer.customer_id(), assessed).await?;
    Ok(true)
}

/// What a person said about the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    stage: HandStage,
    since: Day,
    reasons: Vec<Message>,
    /// It has its own assessment, which shipments do not overwrite.
    kept: bool,
}

impl Said {
    fn by_hand(&self) -> ByHand {
        let reason = self.reasons.first().and_then(|message| message.args.iter().find(|(name, _)| name == "reason"));
        ByHand {
            stage: self.stage,
            since: self.since,
            reason: reason.map(|(_, text)| text.clone()).unwrap_or_default(),
        }
    }

    /// Whether the stage is what it is because somebody said so.
    fn decides(&self, found: &Standing) -> bool {
        found.stage == self.stage.into() && found.since == Some(self.since)
    }
}

/// What a person said last. `customers` writes it as the stage's own assessment, which shipments overwrite; so it is
/// kept apart the first time it is seen.
fn said_of(written: &BTreeMap<(String, String), assessment::Model>, customer: &str) -> Option<Said> {
    let of_kind = |kind: &str| written.get(&(customer.to_owned(), kind.to_owned()));
    let kept = of_kind(BY_HAND).and_then(|row| said(row, true));
    let fresh = of_kind(STAGE).and_then(|row| said(row, false));
    match (kept, fresh) {
        (Some(kept), Some(fresh)) if (kept.stage, &kept.reasons) != (fresh.stage, &fresh.reasons) => Some(fresh),
        (kept @ Some(_), _) => kept,
        (None, fresh) => fresh,
    }
}

fn said(row: &assessment::Model, kept: bool) -> Option<Said> {
    let stage = row.value.parse().ok().and_then(HandStage::of)?;
    let reasons = messages(&row.reasons);
    let by_hand = reasons.first().is_some_and(|message| message.key == "customer-stage-by_hand");
    by_hand.then_some(Said { stage, since: row.as_of, reasons, kept })
}

async fn keep(tx: &Tx, actor: &Actor, id: &CustomerId, said: &Said) -> Result<(), Error> {
    let kept = Assessed {
        kind: BY_HAND,
        value: Stage::from(said.stage).word().into(),
        score: None,
        reasons: said.reasons.clone(),
        as_of: said.since,
        since: Some(said.since),
        review_on: None,
    };
    customers::assess(tx, actor, id, kept).await
}

/// Messages as they are stored.
fn messages(json: &Value) -> Vec<Message> {
    #[derive(Deserialize)]
    struct Stored {
        key: String,
        args: Vec<(String, String)>,
    }
    let stored: Vec<Stored> = Vec::deserialize(json).unwrap_or_default();
    stored.into_iter().map(|message| Message { key: message.key, args: message.args }).collect()
}
