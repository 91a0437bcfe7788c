//! Customers who say nothing, on their owner's worklist.

use async_trait::async_trait;
use base::{Actor, Error, Message, UserId};
use db::Db;
use module::{Reason, ReasonSource};

use crate::VIEW;
use crate::service::silent::silent;
use crate::silent::Silent;

/// Served badly, ships less, has not complained: somebody should ask before he is gone.
#[derive(Debug)]
pub struct SilentReasons;

#[async_trait]
impl ReasonSource for SilentReasons {
    async fn reasons(&self, db: &Db, actor: &Actor, person: Option<&UserId>) -> Result<Vec<Reason>, Error> {
        if !actor.has(VIEW) {
            return Ok(Vec::new());
        }
        let list = silent(db, actor, person).await?;
        Ok(list.rows.into_iter().map(|row| reason(row, list.days, actor)).collect())
    }
}

/// The same customer is one piece of work a month.
fn reason(silent: Silent, days: u32, actor: &Actor) -> Reason {
    let today = actor.today();
    Reason {
        customer: silent.customer_id,
        person: silent.owner_id,
        kind: "silent_customer",
        mark: today.format("%Y-%m").to_string(),
        reason: Message::new("complaint-silent-reason")
            .with("late", silent.late)
            .with("damaged", silent.damaged)
            .with("fewer", fewer(silent.shipments, silent.shipments_before)),
        act: Message::new("complaint-silent-act"),
        evidence: Message::new("complaint-silent-evidence")
            .with("now", silent.shipments)
            .with("before", silent.shipments_before)
            .with("days", days),
        evidence_href: "/complaints/silent".into(),
        due: today,
    }
}

/// How many percent fewer, to the nearest whole one.
pub(crate) fn fewer(now: i64, before: i64) -> i64 {
    match before {
        0 => 0,
        before => ((before - now) * 200 + before).div_euclid(before * 2),
    }
}

#[cfg(test)]
mod tests {
    use super::fewer;

    #[test]
    fn percent_are_rounded_to_the_nearest() {
        assert_eq!([fewer(2, 3), fewer(1, 3), fewer(13, 20), fewer(0, 5)], [33, 67, 35, 100]);
    }
}
